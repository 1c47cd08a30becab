// The service worker. It keeps our own stylesheets and scripts and one page without any data, answers with that page when
// there is no line, and puts what a worker sends then into the outbox. No case page, no answer of a form, no photo is
// ever kept. It begins with what the server names in ``shell``: version, files, pages by language.

/* global shell, linliOutbox */

const CACHE = `linli-shell-${shell.version}`;
const PAGES = Object.values(shell.pages);

async function fill() {
  const cache = await caches.open(CACHE);
  // without cookies: what comes is the same for everybody
  const wanted = [...shell.files, ...PAGES].map((address) => new Request(address, { credentials: "omit" }));
  await cache.addAll(wanted);
  await self.skipWaiting();
}

async function clean() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("linli-shell-") && name !== CACHE).map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function pageAddress() {
  return shell.pages[await linliOutbox.fact("language")] || PAGES[0];
}

async function pageWithoutLine() {
  return (await caches.match(await pageAddress())) || Response.error();
}

// A form that was sent as a page is: with a line it goes its way untouched.
async function sendOrKeep(request) {
  const copy = request.clone();
  try {
    return await fetch(request);
  } catch (_noLine) {
    const item = await linliOutbox.keep(new URL(request.url).pathname, await copy.formData(), Date.now());
    if (item === null) {
      return pageWithoutLine();
    }
    wakeLater();
    return Response.redirect(new URL(await pageAddress(), self.location.origin).href, 303);
  }
}

function wakeLater() {
  if (self.registration.sync) {
    self.registration.sync.register("outbox").catch(() => {});
  }
}

async function tellPages() {
  for (const page of await self.clients.matchAll({ includeUncontrolled: true })) {
    page.postMessage("outbox");
  }
}

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil(clean()));

self.addEventListener("fetch", (event) => {
  const request = event.request;
  const address = new URL(request.url);
  if (address.origin !== self.location.origin) {
    return;
  }
  if (request.method === "POST" && request.mode === "navigate" && linliOutbox.kindOf(address.pathname)) {
    event.respondWith(sendOrKeep(request));
  } else if (request.method === "GET" && request.mode === "navigate") {
    event.respondWith(fetch(request).catch(pageWithoutLine));
  } else if (request.method === "GET" && shell.files.includes(address.pathname)) {
    event.respondWith(fetch(request).catch(() => caches.match(request).then((kept) => kept || Response.error())));
  }
});

self.addEventListener("sync", (event) => {
  if (event.tag === "outbox") {
    event.waitUntil(
      linliOutbox.sendAll().then((told) => {
        tellPages();
        if (!told.line) {
          throw new Error("no line yet"); // the browser tries again
        }
      }),
    );
  }
});
