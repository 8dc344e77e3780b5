// Shows a page that says so when the server cannot be reached. Nothing else is kept: what the dashboard shows is only
// worth something while it is current, and is for the person who is asking.
const CACHE = 'offline-2';
const PAGE = '/offline.html';

self.addEventListener('install', (event) => {
  const stored = caches
    .open(CACHE)
    .then((cache) => cache.add(new Request(PAGE, { cache: 'reload' })));
  event.waitUntil(stored.then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  const dropOld = caches
    .keys()
    .then((names) =>
      Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name))),
    );
  event.waitUntil(dropOld.then(() => self.clients.claim()));
});

self.addEventListener('fetch', (event) => {
  if (event.request.mode !== 'navigate') return;
  event.respondWith(fetch(event.request).catch(offlinePage));
});

/** Returns the page in the language that the reader has chosen, else in the browser's. */
async function offlinePage() {
  const page = await caches.match(PAGE);
  if (!page) return Response.error();
  const chosen = await self.cookieStore?.get('language').catch(() => null);
  const language = (chosen?.value ?? navigator.language).startsWith('es') ? 'es' : 'en';
  const html = (await page.text()).replace('lang="en" data-all', `lang="${language}"`);
  return new Response(html, { headers: page.headers });
}
