// Keeps one version of the app, whole, and answers for it without a network. The journal is not
// its business. docs/decisions/0004-offline-and-updates.md tells why it does what it does.
"use strict";

const VERSION = ""; // written by the build
const FILES = {}; // written by the build: the SHA-256 of every file by its path

const OURS = "thoughtstream-app-";
const CACHE = OURS + VERSION;
const SHELL = "/";
const SHARED = "thoughtstream-shared";

addEventListener("install", (event) => event.waitUntil(keepVersion()));
addEventListener("activate", (event) => event.waitUntil(takeCharge()));
addEventListener("message", ({ data }) => {
  if (data === "skip-waiting") skipWaiting();
});
addEventListener("fetch", (event) => {
  if (isShared(event.request)) {
    event.respondWith(keepShared(event.request));
    return;
  }
  const path = keptPath(event.request);
  if (path) event.respondWith(answer(path, event.request));
});

/** All files or none: half a version is worse than the one before. */
async function keepVersion() {
  const cache = await caches.open(CACHE);
  try {
    const files = Object.entries(FILES);
    await Promise.all(files.map(async ([path, hash]) => cache.put(path, await obtain(path, hash))));
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

/** What is here already is not fetched again; what is not the right file is not believed. */
async function obtain(path, hash) {
  const sources = [
    () => caches.match(path),
    () => fetch(path),
    () => fetch(path, { cache: "reload" }),
  ];
  for (const source of sources) {
    const response = await source();
    if (response?.ok && !response.redirected && (await digest(response)) === hash) return response;
  }
  throw new Error(`${path} is not the file that belongs to version ${VERSION}`);
}

async function digest(response) {
  const bytes = await response.clone().arrayBuffer();
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function takeCharge() {
  const names = await caches.keys();
  const others = names.filter((name) => name.startsWith(OURS) && name !== CACHE);
  await Promise.all(others.map((name) => caches.delete(name)));
  await clients.claim();
}

/** What another app shares comes as a form, posted to an address that no server has. */
function isShared({ method, url }) {
  const { origin, pathname } = new URL(url);
  return method === "POST" && origin === location.origin && pathname === "/share";
}

/** Kept until the app has put it into the journal; the app is opened for that. */
async function keepShared(request) {
  const cache = await caches.open(SHARED);
  const form = new Response(await request.formData());
  await cache.put(`/share/${crypto.randomUUID()}`, form);
  return Response.redirect("/?shared=1", 303);
}

/** The path a request is answered by, or nothing where the network has to. */
function keptPath({ method, mode, url }) {
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== location.origin || /^\/(v1|once)(\/|$)/.test(pathname)) return;
  const extensionless = !pathname.split("/").pop().includes(".");
  if (mode === "navigate" && extensionless) return SHELL;
  return Object.hasOwn(FILES, pathname) ? pathname : undefined;
}

async function answer(path, request) {
  const kept = await caches.match(path, { cacheName: CACHE, ignoreVary: true });
  return kept ?? fetch(request);
}
