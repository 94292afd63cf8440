// Runs in every document before its own scripts: notes how long the page takes from each turn of
// the wheel to the end of the frame that shows it, the gaps between frames, how many rows there
// are at most, and how much memory the page's wasm has.
globalThis.scrolled = { events: [], frames: [], rows: 0 };
{
  const { events, frames } = scrolled;
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
      for (const at of shown) events.push(end - at);
    };
    port2.postMessage(null);
    if (running) requestAnimationFrame(frame);
  };
  addEventListener("wheel", ({ timeStamp }) => turned.push(timeStamp), { passive: true });

  scrolled.begin = () => {
    running = true;
    before = undefined;
    requestAnimationFrame(frame);
  };
  scrolled.end = () => {
    running = false;
    return { events, frames, rows: scrolled.rows, wasm: memory?.buffer.byteLength ?? 0 };
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
