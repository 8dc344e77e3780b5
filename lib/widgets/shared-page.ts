import type { SharedViewResponse } from '../api/widget-schemas';
import { formatClock, formatCount, formatLatency, formatUptime } from '../domain/format';
import type { TimeZone } from '../domain/time-zone';
import type { MessageKey } from '../i18n/messages';
import { currentLanguage, t } from '../i18n/t';

/** How the page of a signed link is shown. */
export type Look = { nonce: string; theme: 'dark' | 'light' | null };

type SharedDevice = SharedViewResponse['devices'][number];

const REFRESH_MS = 60_000;

/** Each state has a shape of its own, too. */
const STATES: Record<string, { shape: string; word: MessageKey; tone: string }> = {
  online: { shape: '●', word: 'widgets.online', tone: 'good' },
  offline: { shape: '■', word: 'widgets.offline', tone: 'bad' },
  not_answering: { shape: '▲', word: 'widgets.notAnswering', tone: 'bad' },
  unknown: { shape: '○', word: 'widgets.unknown', tone: 'quiet' },
  gone: { shape: '○', word: 'widgets.gone', tone: 'quiet' },
};

/** Colours as on the dashboard (`app/globals.css`). */
const STYLE = `
:root { color-scheme: dark light; --bg: light-dark(#ffffff, #13171d); --line: light-dark(#e1e5ea, #252b35);
  --text: light-dark(#161a21, #e7eaf0); --quiet: light-dark(#5b6472, #8d96a5);
  --good: light-dark(#08795c, #3fc8a4); --bad: light-dark(#b3202f, #ff8089); }
:root[data-theme=dark] { color-scheme: dark; }
:root[data-theme=light] { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; padding: 12px 16px; background: var(--bg); color: var(--text);
  font: 14px/1.45 system-ui, sans-serif; font-variant-numeric: tabular-nums; }
h1, tbody th { overflow-wrap: anywhere; }
main { max-width: 720px; margin: 0 auto; }
header { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 16px; align-items: baseline; }
h1 { margin: 0; font-size: 16px; line-height: 24px; }
p { margin: 0; }
time, .quiet, thead th { color: var(--quiet); }
table { width: 100%; margin-top: 8px; border-collapse: collapse; }
th, td { padding: 6px 8px 6px 0; border-top: 1px solid var(--line); text-align: start; font-weight: 400; vertical-align: baseline; }
thead th { border-top: 0; font-size: 12px; vertical-align: bottom; }
tbody th { font-weight: 600; }
.number { text-align: end; }
td.number { white-space: nowrap; }
th:last-child, td:last-child { padding-right: 0; }
.good { color: var(--good); }
.bad { color: var(--bad); }
`;

/** Loads the view again, in place: nothing moves, and what a reader has selected elsewhere stays. */
const SCRIPT = `
setInterval(async () => {
  try {
    const response = await fetch(location.href, { cache: 'no-store' });
    const next = new DOMParser().parseFromString(await response.text(), 'text/html');
    document.querySelector('main').replaceWith(next.querySelector('main'));
  } catch {}
}, ${REFRESH_MS});
`;

/** Returns the page of a signed link: the devices it names, without address, owner or link to anything. */
export function sharedPage(view: SharedViewResponse, zone: TimeZone, look: Look): string {
  const { devices, generated_at, expires_at } = view;
  const title = view.title === '' ? t('widgets.devices') : view.title;
  const online = devices.filter(({ state }) => state === 'online').length;
  const counts = { online: formatCount(online), total: formatCount(devices.length) };
  const clock = (time: string) => formatClock(Date.parse(time), zone);
  const body = `<header>
<h1>${escaped(title)}</h1>
<p>${escaped(t('widgets.someOnline', counts))} <span class="quiet">· <time datetime="${generated_at}" title="${escaped(zone.name)}">${clock(generated_at).slice(11, 16)}</time></span></p>
</header>
<table aria-label="${escaped(title)}">
<thead><tr><th scope="col">${escaped(t('widgets.device'))}</th><th scope="col">${escaped(t('widgets.state'))}</th><th scope="col" class="number">${escaped(t('widgets.latency'))}</th><th scope="col" class="number">${escaped(t('widgets.uptime'))}</th></tr></thead>
<tbody>
${devices.map(row).join('\n')}
</tbody>
</table>
<p class="quiet"><small>${escaped(t('widgets.ends', { day: clock(expires_at).slice(0, 10) }))}</small></p>`;
  return page(title, body, look);
}

/** Returns the page of a link that shows nothing. */
export function sharedRefusal(detail: string, look: Look): string {
  const title = t('widgets.noView');
  return page(title, `<h1>${escaped(title)}</h1>\n<p>${escaped(detail)}</p>`, look);
}

function row({ hostname, state, latency_ms, uptime_24h }: SharedDevice): string {
  const { shape, word, tone } = STATES[state ?? 'gone'] ?? UNKNOWN_STATE;
  const said = `<span class="${tone}"><span aria-hidden="true">${shape}</span>\u00a0${escaped(t(word))}</span>`;
  const latency = latency_ms === null ? '—' : formatLatency(latency_ms);
  const uptime = uptime_24h === null ? '—' : formatUptime(uptime_24h);
  return `<tr><th scope="row">${escaped(hostname)}</th><td>${said}</td><td class="number">${latency}</td><td class="number">${uptime}</td></tr>`;
}

const UNKNOWN_STATE = { shape: '○', word: 'widgets.unknown', tone: 'quiet' } as const;

const page = (title: string, body: string, { nonce, theme }: Look) => `<!doctype html>
<html lang="${currentLanguage()}"${theme === null ? '' : ` data-theme="${theme}"`}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${escaped(title)} · Tailnet Observatory</title>
<style nonce="${nonce}">${STYLE}</style>
<script nonce="${nonce}">${SCRIPT}</script>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;

const escaped = (text: string) =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
