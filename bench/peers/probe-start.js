// Runs in every document before its own scripts: tells when the page was ready to be used, that
// is, when the first frame after it was is done. The app is ready when other entries of today are
// listed and the caret is in the field; the empty page when a click was handled.
globalThis.readyAt = new Promise((resolve) => {
  const frameDone = () =>
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve(performance.now());
      port2.postMessage(null);
    });
  let clicked = false;
  const isReady = () => {
    const button = document.querySelector("body > button");
    if (!button) {
      const caret = document.activeElement instanceof HTMLTextAreaElement;
      return caret && document.querySelector(".today__other") !== null;
    }
    if (!clicked) {
      clicked = true;
      button.click();
    }
    return button.textContent === "1";
  };
  let done = false;
  const look = () => {
    if (done || !isReady()) return;
    done = true;
    observer.disconnect();
    frameDone();
  };
  const observer = new MutationObserver(look);
  observer.observe(document, { subtree: true, childList: true, characterData: true });
  addEventListener("focusin", look);
});
