import { type Browser, type CDPSession, chromium, type Page } from '@playwright/test';
import { historyFolder, MILLION, TEN_MILLION } from './history-store';
import { fetchTimed } from './http';
import { kilobytes, median, ms, seconds } from './numbers';
import { settled, startProduct } from './product';
import { printTable, verdict } from './table';

const VISITS = 9;
const PEERS = 500;
/** Long enough for the page to refresh everything it shows. */
const LIVE_MS = 16_000;
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

type Transfer = { url: string; type: string; head: number; bytes: number };
/** Bytes: of compressed scripts with their response headers; of everything, headers included. */
type Visit = {
  firstPaint: number;
  contentPaint: number;
  packed: number;
  scripts: number;
  all: number;
};

// Set by run.mjs; if unset, Playwright's own.
const executablePath = process.env.CHROMIUM_PATH;
const visits = await withProduct(MILLION, async (url) => {
  const done: Visit[] = [];
  for (let i = 0; i < VISITS; i++) done.push(await coldVisit(url));
  return done;
});
const refresh = await withProduct(TEN_MILLION, liveRefresh);
const paints = visits.map((visit) => visit.contentPaint);
const packed = Math.max(...visits.map((visit) => visit.packed));
const scripts = Math.max(...visits.map((visit) => visit.scripts));
printTable(
  `cold-visit: Chromium headless, a new browser with a new profile each of ${VISITS} visits, 1440 × 900, ${PEERS} devices, 1,000,000 hits`,
  ['what', 'median', 'worst', 'reach'],
  [
    [
      'first contentful paint',
      ms(median(visits.map((visit) => visit.firstPaint))),
      ms(Math.max(...visits.map((visit) => visit.firstPaint))),
      '',
    ],
    [
      'largest contentful paint',
      ms(median(paints)),
      ms(Math.max(...paints)),
      `≤ 0.8 s: ${verdict(median(paints) <= 800)}`,
    ],
    [
      'scripts, gzipped, loaded later included',
      '',
      kilobytes(packed),
      `≤ 180 kB: ${verdict(packed <= 180_000)}`,
    ],
    ['the same with the heads of their answers', '', kilobytes(scripts), ''],
    ['everything transferred', '', kilobytes(Math.max(...visits.map((visit) => visit.all))), ''],
    [
      `a refresh at 10 M hits: ${refresh.addresses} addresses, once each`,
      '',
      kilobytes(refresh.once),
      `≤ 50 kB: ${verdict(refresh.once <= 50_000)}`,
    ],
    [`an open page at 10 M hits, in ${seconds(LIVE_MS)}`, '', kilobytes(refresh.window), ''],
  ],
);
for (const { url, bytes } of refresh.each) console.log(`${kilobytes(bytes).padStart(9)}  ${url}`);

async function withProduct<T>(
  history: Parameters<typeof historyFolder>[0],
  measure: (url: string) => Promise<T>,
): Promise<T> {
  const product = await startProduct(PEERS, await historyFolder(history));
  try {
    await settled(product);
    await fetchTimed(`${product.url}/vpn`);
    return await measure(product.url);
  } finally {
    await product.stop();
  }
}

async function visited<T>(look: (page: Page, transfers: Transfer[]) => Promise<T>): Promise<T> {
  const browser: Browser = await chromium.launch({ executablePath, args: ARGUMENTS });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const session = await page.context().newCDPSession(page);
    return await look(page, await recordTransfers(session));
  } finally {
    await browser.close();
  }
}

function coldVisit(url: string): Promise<Visit> {
  return visited(async (page, transfers) => {
    await page.goto(`${url}/vpn`, { waitUntil: 'load' });
    await page.waitForLoadState('networkidle');
    await page.waitForTimeout(1_000);
    const paint = await page.evaluate(
      () =>
        new Promise<{ firstPaint: number; contentPaint: number }>((resolve) => {
          new PerformanceObserver((list) => {
            const firstPaint =
              performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN;
            resolve({
              firstPaint,
              contentPaint: list.getEntries().at(-1)?.startTime ?? Number.NaN,
            });
          }).observe({ type: 'largest-contentful-paint', buffered: true });
        }),
    );
    const sum = (of: Transfer[]) => of.reduce((bytes, transfer) => bytes + transfer.bytes, 0);
    const scripts = transfers.filter(({ type }) => type === 'Script');
    const packed = scripts.reduce((bytes, script) => bytes + script.bytes - script.head, 0);
    return { ...paint, packed, scripts: sum(scripts), all: sum(transfers) };
  });
}

/** Returns what an open page transfers: in total, and once for each address that it requests repeatedly. */
function liveRefresh(url: string) {
  return visited(async (page, transfers) => {
    await page.goto(`${url}/vpn`, { waitUntil: 'load' });
    await page.waitForLoadState('networkidle');
    transfers.length = 0;
    await page.waitForTimeout(LIVE_MS);
    const polled = transfers.filter(({ type }) => type === 'Fetch' || type === 'XHR');
    const largest = new Map<string, number>();
    for (const { url, bytes } of polled) {
      largest.set(url, Math.max(bytes, largest.get(url) ?? 0));
    }
    const each = [...largest].map(([address, bytes]) => ({
      url: address.slice(url.length),
      bytes,
    }));
    return {
      addresses: each.length,
      once: each.reduce((sum, { bytes }) => sum + bytes, 0),
      window: polled.reduce((sum, { bytes }) => sum + bytes, 0),
      each,
    };
  });
}

/** Records every finished transfer with its bytes on the wire: headers and compressed body. */
async function recordTransfers(session: CDPSession): Promise<Transfer[]> {
  const transfers: Transfer[] = [];
  const requests = new Map<string, { url: string; type: string; head?: number }>();
  session.on('Network.requestWillBeSent', ({ requestId, request, type }) => {
    requests.set(requestId, { url: request.url, type: type ?? 'Other' });
  });
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const request = requests.get(requestId);
    if (request) transfers.push({ head: 0, ...request, bytes: encodedDataLength });
  });
  session.on('Network.responseReceived', ({ requestId, response }) => {
    const request = requests.get(requestId);
    if (request) requests.set(requestId, { ...request, head: response.encodedDataLength });
  });
  await session.send('Network.enable');
  return transfers;
}
