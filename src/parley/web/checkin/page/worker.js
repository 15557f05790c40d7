// Keeps the whole page on the device, so that it opens without a network; what the desk says is never kept.
//
// The list of files and their version are put in by the desk that serves this script: any changed byte makes a new
// version, which is fetched whole before the old one goes.

const VERSION = "{{version}}";
const FILES = JSON.parse('{{files}}');
const SHELF = `checkin-page ${VERSION}`;

addEventListener("install", (event) => {
  const fetchAll = async () => {
    const shelf = await caches.open(SHELF);
    await shelf.addAll(FILES.map((file) => new Request(file, { cache: "reload" })));
    await skipWaiting();
  };
  event.waitUntil(fetchAll());
});

addEventListener("activate", (event) => {
  const tidy = async () => {
    const others = (await caches.keys()).filter((name) => name.startsWith("checkin-page ") && name !== SHELF);
    await Promise.all(others.map((name) => caches.delete(name)));
    await clients.claim();
  };
  event.waitUntil(tidy());
});

addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== location.origin || address.pathname.includes("/desk/")) return;
  const fromShelf = async () => {
    const shelf = await caches.open(SHELF);
    return (await shelf.match(event.request, { ignoreSearch: true })) ?? fetch(event.request);
  };
  event.respondWith(fromShelf());
});
