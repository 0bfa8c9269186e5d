// Keeps the page for visits without a network. With a network nothing changes: every file comes
// from the host, and what was kept is used only when the host does not answer. The page says which
// files it is made of; those of an earlier build are forgotten then.

const KEPT = "replicascope";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => event.waitUntil(keep(event.data)));
self.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (method === "GET" && new URL(url).origin === self.location.origin) {
    event.respondWith(fresh(event.request));
  }
});

// Lessons, the built-in scenarios and the recorder are fetched when a visitor asks for them.
function isFetched(address) {
  return /\/lessons\/|\/scenarios\.toml|\/record\.js/.test(address);
}

async function keep(addresses) {
  const kept = await caches.open(KEPT);
  for (const address of addresses) {
    // The browser has just loaded it: its own copy will do.
    const answer = await fetch(address, { cache: "force-cache" });
    if (answer.ok) await kept.put(address, answer);
  }
  for (const request of await kept.keys()) {
    const opened = isFetched(request.url);
    if (!opened && !addresses.includes(request.url)) await kept.delete(request);
  }
}

async function fresh(request) {
  try {
    const answer = await fetch(request);
    // What was opened once can be opened again without a network.
    if (answer.ok && isFetched(request.url)) {
      const kept = await caches.open(KEPT);
      await kept.put(request, answer.clone());
    }
    return answer;
  } catch (error) {
    const kept = await caches.open(KEPT);
    const copy = await kept.match(request, { ignoreSearch: true });
    if (copy) return copy;
    throw error;
  }
}
