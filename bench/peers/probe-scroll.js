// Runs in every document before its own scripts: notes how long it takes from each turn of the
// wheel to the end of the frame that shows it, by the browser's time stamp and from when the page
// hears of it, the gaps between frames, how many rows there are at most, and how much memory the
// page's wasm has.
globalThis.scrolled = { events: [], heard: [], frames: [], rows: 0 };
{
  const { events, heard, frames } = scrolled;
  let turned = [];
  let before;
  let running = false;

  const frame = () => {
    scrolled.rows = Math.max(scrolled.rows, document.querySelectorAll("article").length);
    const shown = turned;
    turned = [];
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      const end = performance.now();
      if (before !== undefined) frames.push(end - before);
      before = end;
      for (const turn of shown) {
        events.push(end - turn.stamped);
        heard.push(end - turn.heard);
      }
    };
    port2.postMessage(null);
    if (running) requestAnimationFrame(frame);
  };
  const turn = ({ timeStamp }) => turned.push({ stamped: timeStamp, heard: performance.now() });
  addEventListener("wheel", turn, { passive: true, capture: true });

  scrolled.begin = () => {
    for (const list of [events, heard, frames, turned]) list.length = 0;
    running = true;
    before = undefined;
    requestAnimationFrame(frame);
  };
  scrolled.end = () => {
    running = false;
    return { events, heard, frames, rows: scrolled.rows, wasm: memory?.buffer.byteLength ?? 0 };
  };

  /** To another part of the list, until no row in it waits for its text. */
  scrolled.jump = async (part) => {
    const feed = document.querySelector("[role=feed]");
    let scroller = feed;
    while (scroller.scrollHeight <= scroller.clientHeight + 1 && scroller.parentElement) {
      scroller = scroller.parentElement;
    }
    const start = performance.now();
    scroller.scrollTop = part * (scroller.scrollHeight - scroller.clientHeight);
    const waits = () => [...feed.querySelectorAll("article[aria-busy]")].length > 0;
    do {
      await new Promise((go) => requestAnimationFrame(go));
    } while (waits() && performance.now() - start < 5000);
    return performance.now() - start;
  };

  let memory;
  const { instantiateStreaming } = WebAssembly;
  WebAssembly.instantiateStreaming = async (...given) => {
    const made = await instantiateStreaming.apply(WebAssembly, given);
    memory ??= made.instance.exports.memory;
    return made;
  };
}
