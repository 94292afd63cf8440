// The first script of the page. It sets the theme before anything is painted, starts the store's
// worker so that it loads beside the app, then the app itself; it says so plainly if that fails,
// and sees to new versions. It runs before all else and must work when all else does not: no
// module, no library. docs/decisions/0004-offline-and-updates.md tells why it does what it does.
"use strict";
{
  const FILES = {}; // written by the build: the address of each part of the app
  const OFFLINE = false; // written by the build: whether to keep the app for days without network

  const HOUR_MS = 60 * 60 * 1000;
  const LEAVING_MS = 1000;
  const APP_CACHES = "thoughtstream-app-"; // how the service worker's names of them begin
  const SHARED = "thoughtstream-shared"; // where the service worker keeps what was shared
  const JOURNAL_LOCK = "thoughtstream-journal"; // held by the worker that has the files open
  // A borrowed machine: nothing is read that is kept here, and nothing is kept.
  // docs/decisions/0020-guests.md tells why each of these is left out.
  const ONCE = /^\/once(\/|$)/.test(location.pathname);
  const OVER = location.pathname === "/once/over";

  const thoughtstream = {
    /** The store's worker. */
    worker: undefined,
    /** Where the script of the worker for imports and exports is. */
    porter: FILES.porter,
    /** Set by the app: resolves when all that was typed is saved, rejects if it cannot be. */
    flush: undefined,
    /** Whether a new version waits; the event `thoughtstream:update` says when this changes. */
    updateWaits: false,
    /** Saves what was typed, changes to the new version and loads the page again. */
    update,
    /** Asks the person whether to install the app; there while the browser offers it. */
    install: undefined,
    /** Set by the app: puts a text and files into the journal, resolves when they are there. */
    takeIn: undefined,
    /** Rejects, with a reason, if another tab has the journal open. */
    alone,
    /** Deletes the journal and all else that is kept here, and loads the page again. */
    erase,
    /** The same for an empty journal; then the page for a borrowed machine. */
    once: () => erase("/once"),
  };
  globalThis.thoughtstream = thoughtstream;

  // What the worker tells that it is done with, even while this thread waits.
  const Shared = globalThis.crossOriginIsolated && globalThis.SharedArrayBuffer;
  const done = Shared && new Int32Array(new Shared(4));

  let started = false;
  let notice; // stands on the page while the app does not run
  let registration; // of the service worker, where there is one

  if (ONCE) {
    document.title = "Untitled";
    sessionStorage.clear(); // the places that this tab had before, which it wrote when it left
  } else {
    applyTheme();
  }
  // Where one of these is missing, check.js says so.
  if (globalThis.WebAssembly && globalThis.Worker) {
    watchForLeaving();
    if (!ONCE) watchForInstalling();
    start();
  }

  function applyTheme() {
    try {
      const { theme } = JSON.parse(localStorage.getItem("thoughtstream.preferences")) ?? {};
      if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
    } catch {
      // No storage, or not ours to read: the system's theme is the right one.
    }
  }

  async function start() {
    addEventListener("error", ({ error }) => failIfAborted(error));
    addEventListener("unhandledrejection", ({ reason }) => failIfAborted(reason));
    try {
      if (!OVER) startWorker();
      const app = await import(FILES.app);
      await pageIsRead();
      await app.default({ module_or_path: FILES.appWasm });
      started = true;
      waitWhenLeaving();
      notice?.remove();
    } catch (error) {
      fail(error);
    }
    if (ONCE) return;
    // The service worker's files would compete with the first screen's: it waits until then.
    await pageIsRead();
    watchForUpdates();
    if (started) takeInAll();
  }

  /** The app needs a body to mount itself in; from a cache it comes before the page is read. */
  async function pageIsRead() {
    if (document.readyState !== "loading") return;
    await new Promise((resolve) => addEventListener("DOMContentLoaded", resolve, { once: true }));
  }

  /** The wasm is compiled here and sent: so it is ready when the worker's thread is. */
  function startWorker() {
    const address = `${FILES.worker}#sent`;
    thoughtstream.worker = new Worker(address, { type: "module", name: ONCE ? "once" : "journal" });
    if (done) thoughtstream.worker.postMessage(done);
    const send = (wasm) => thoughtstream.worker.postMessage({ wasm });
    // Where that fails the worker tries by itself, and says what is wrong.
    WebAssembly.compileStreaming(fetch(FILES.workerWasm)).then(send, () => send(null));
    thoughtstream.worker.addEventListener("error", (event) => {
      // Whoever can start another worker says so by preventing the default.
      setTimeout(() => event.defaultPrevented || fail(event.message));
    });
  }

  /** A panic ends in a trap, and after one nothing in the app can be trusted to save. */
  function failIfAborted(error) {
    if (error instanceof WebAssembly.RuntimeError) fail(error);
  }

  // ---- When the page is put away ----

  function watchForLeaving() {
    if (!done) {
      // Without a way to wait for the worker it is better not to be put away, but closed.
      addEventListener("unload", () => {});
      return;
    }
    addEventListener("pagehide", (event) => started || putAway(event));
    addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
  }

  /** Behind the app's own listeners, which save what was typed and let the files go. */
  function waitWhenLeaving() {
    if (!done) return;
    document.addEventListener("freeze", awaitWorker);
    addEventListener("pagehide", putAway);
  }

  /**
   * Ends the worker of a page that the browser keeps to come back to: it may be opening the
   * files, which takes a while, and a page that is kept with files in its worker's hands crashes
   * in Chromium and keeps the other tabs waiting.
   */
  function putAway({ persisted }) {
    if (started) awaitWorker();
    if (persisted) thoughtstream.worker?.terminate();
  }

  /** Returns when the worker has done all it was told to; after this it may be frozen. */
  function awaitWorker() {
    if (OVER) return;
    Atomics.store(done, 0, 0);
    thoughtstream.worker.postMessage("done?");
    const end = performance.now() + LEAVING_MS;
    while (Atomics.load(done, 0) === 0 && performance.now() < end);
  }

  // ---- When the app does not run ----

  function fail(reason) {
    console.error(reason);
    if (notice) return;
    notice = makeNotice(String(reason?.message ?? reason ?? "no reason was given"));
    pageIsRead().then(() => document.body.prepend(notice));
  }

  function makeNotice(reason) {
    const again = make("button", "Try again");
    const afresh = make("button", "Start afresh from the server");
    const outcome = make("p", "");
    again.className = "button button--primary";
    afresh.className = "button";
    again.addEventListener("click", changeVersion);
    afresh.addEventListener("click", () => startAfresh(outcome));
    const section = make("section");
    section.className = "failure";
    section.setAttribute("role", "alert");
    section.append(
      make("h1", started ? "ThoughtStream has stopped" : "ThoughtStream did not start"),
      make(
        "p",
        ONCE
          ? "What was shown as sent is in your journal. What was not is lost."
          : "Your journal is still on this device: all that was shown as saved is safe.",
      ),
      make("p", `What happened: ${reason}`),
      again,
      afresh,
      make("p", "Starting afresh loads the app again. It does not touch the journal."),
      outcome,
    );
    return section;
  }

  function make(name, text = "") {
    const element = document.createElement(name);
    element.textContent = text;
    return element;
  }

  /** Forgets the copy of the app that is kept here, never the journal. */
  async function startAfresh(outcome) {
    try {
      const answer = await fetch("/version.json", { cache: "no-store" });
      if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
    } catch {
      outcome.textContent = "The server cannot be reached, so nothing was changed. Try later.";
      return;
    }
    await forgetApp();
    // The browser's own cache may hold the damaged file: names with a hash are never asked again.
    const renew = async (file) => (await fetch(file, { cache: "reload" })).arrayBuffer();
    await Promise.allSettled(Object.values(FILES).flat().map(renew));
    location.reload();
  }

  async function forgetApp(prefix = APP_CACHES) {
    const registrations = (await navigator.serviceWorker?.getRegistrations()) ?? [];
    for (const each of registrations) await each.unregister();
    const names = (await globalThis.caches?.keys()) ?? [];
    for (const name of names) if (name.startsWith(prefix)) await caches.delete(name);
  }

  // ---- Erasing this device ----

  /** Half a journal must not be pulled from under another tab. */
  async function alone() {
    const ofJournal = ({ name }) => name === JOURNAL_LOCK;
    const { held, pending } = await navigator.locks.query();
    if ([...held, ...pending].filter(ofJournal).length > 1) {
      throw "the journal is open in another tab: close that one first";
    }
  }

  async function erase(next = "/") {
    await alone();
    thoughtstream.worker.terminate(); // and with it the lock and the files are free
    const signal = AbortSignal.timeout(LEAVING_MS * 5);
    await navigator.locks.request(JOURNAL_LOCK, { signal }, eraseFiles);
    localStorage.clear();
    sessionStorage.clear();
    await forgetApp("");
    location.replace(next);
  }

  async function eraseFiles() {
    const root = await navigator.storage.getDirectory();
    for await (const name of root.keys()) await root.removeEntry(name, { recursive: true });
  }

  // ---- Installing, and what other apps hand over ----

  function watchForInstalling() {
    addEventListener("beforeinstallprompt", (event) => {
      event.preventDefault(); // asked in its place in the settings, not whenever the browser likes
      offerInstall(async () => {
        offerInstall(undefined); // the browser answers an offer once
        await event.prompt();
      });
    });
    addEventListener("appinstalled", () => offerInstall(undefined));
  }

  function offerInstall(install) {
    thoughtstream.install = install;
    dispatchEvent(new Event("thoughtstream:install"));
  }

  /** What was shared while the app was closed, then the files that it was opened with. */
  async function takeInAll() {
    try {
      await takeInShared();
    } catch (error) {
      console.warn("what was shared waits for the next start:", error);
    }
    globalThis.launchQueue?.setConsumer(async ({ files }) => {
      const opened = await Promise.all(files.map((handle) => handle.getFile()));
      if (opened.length > 0) await thoughtstream.takeIn("", opened);
    });
  }

  /** It is forgotten when the journal has it, and not before. */
  async function takeInShared() {
    if (!(await globalThis.caches?.has(SHARED))) return;
    const cache = await caches.open(SHARED);
    for (const request of await cache.keys()) {
      const form = await (await cache.match(request)).formData();
      const texts = ["title", "text", "url"].map((name) => form.get(name));
      const files = form.getAll("files").filter((file) => file.size > 0);
      await thoughtstream.takeIn(texts.filter(Boolean).join("\n\n"), files);
      await cache.delete(request);
    }
  }

  // ---- New versions ----

  async function watchForUpdates() {
    const container = navigator.serviceWorker;
    if (!OFFLINE || !container) return;
    let controlled = container.controller !== null;
    container.addEventListener("controllerchange", () => {
      // The first worker of all takes charge of a page that is as new as itself.
      if (controlled) leaveForNewVersion();
      controlled = true;
    });
    try {
      registration = await container.register("/service-worker.js", { updateViaCache: "none" });
    } catch (error) {
      console.warn("the app will not start without network:", error);
      return;
    }
    if (registration.waiting) announceUpdate();
    registration.addEventListener("updatefound", () => announceWhenInstalled(registration.installing));
    const check = () => registration.update().catch(() => {}); // without network nothing is new
    document.addEventListener("visibilitychange", () => document.hidden || check());
    setInterval(check, HOUR_MS);
  }

  function announceWhenInstalled(next) {
    next.addEventListener("statechange", () => {
      if (next.state === "installed" && registration.active) announceUpdate();
    });
  }

  function announceUpdate() {
    thoughtstream.updateWaits = true;
    dispatchEvent(new Event("thoughtstream:update"));
  }

  async function update() {
    await save();
    changeVersion();
  }

  /** Resolves when nothing typed would be lost; an app that has stopped has nothing to say. */
  async function save() {
    if (!notice) await thoughtstream.flush?.();
  }

  function changeVersion() {
    const next = registration?.waiting;
    if (!next) {
      location.reload();
      return;
    }
    next.addEventListener("statechange", () => {
      // Another version overtook it: whatever is in charge now is the right one to load.
      if (next.state === "redundant") location.reload();
    });
    next.postMessage("skip-waiting"); // and the change of controller loads every tab again
  }

  let leaving = false;

  async function leaveForNewVersion() {
    if (leaving) return;
    leaving = true;
    try {
      await save();
      location.reload();
    } catch {
      // What is typed here cannot be saved now; it stays on the screen and the person decides.
      leaving = false;
      announceUpdate();
    }
  }
}
