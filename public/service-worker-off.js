// The emergency brake. Served in place of service-worker.js it takes the app's copies off every
// device and removes itself, so that the next page comes from the server. Journals are not touched.
"use strict";

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(withdraw()));

async function withdraw() {
  const names = await caches.keys();
  const ours = names.filter((name) => name.startsWith("thoughtstream-app-"));
  await Promise.all(ours.map((name) => caches.delete(name)));
  await registration.unregister();
  // Only pages that a former version answered for are loaded again. A page that came from the
  // server is not controlled, so that this cannot go round in circles.
  const pages = await clients.matchAll({ type: "window" });
  await Promise.all(pages.map((page) => page.navigate(page.url).catch(() => {})));
}
