import type { ServerResponse } from 'node:http';
import { type Said, spoken } from '../domain/said';
import { currentLanguage, t } from '../i18n/t';

/** Why a request is not served. `detail` is shown to the client, in the language of the request. */
export type Refusal = {
  status: 400 | 401 | 403 | 405 | 413 | 421 | 429 | 503;
  detail: Said;
  headers?: Record<string, string>;
};

const escaped = (text: string) =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** Answers in the requested form: a page to a browser, an RFC 9457 problem to any other client. */
export function refuse(
  response: ServerResponse,
  { status, detail: said, headers }: Refusal,
  wantsPage: boolean,
  nonce: string,
): void {
  const detail = spoken(said);
  const title = t(`refusals.title${status}`);
  const body = wantsPage
    ? page(title, detail, nonce)
    : JSON.stringify({ type: 'about:blank', title, status, detail });
  response.writeHead(status, {
    'Content-Type': wantsPage ? 'text/html; charset=utf-8' : 'application/problem+json',
    'Cache-Control': 'no-store',
    'Content-Length': Buffer.byteLength(body),
    // What follows on this connection may be the rest of a request that was not read.
    Connection: 'close',
    ...headers,
  });
  response.end(body);
}

const page = (title: string, detail: string, nonce: string) => `<!doctype html>
<html lang="${currentLanguage()}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark light">
<title>${title} · Tailnet Observatory</title>
<style nonce="${nonce}">
body { margin: 20vh auto; max-width: 34rem; padding: 0 1.5rem; font: 1rem/1.6 system-ui, sans-serif; }
h1 { font-size: 1.5rem; line-height: 1.25; }
p { overflow-wrap: anywhere; }
</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p>${escaped(detail)}</p>
</main>
</body>
</html>
`;
