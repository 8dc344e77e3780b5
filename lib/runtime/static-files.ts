import type { RequestListener } from 'node:http';
import sirv from 'sirv';
import { DAY, SECOND } from '../util/time';

/** Where pages ask for the files of a build, whose names change with what is in them. */
const BUILT = '/_next/static/';

/**
 * Returns a listener that serves the scripts, styles and fonts of a build from `folder`, which has them under the path
 * they are asked for, packed beforehand (`scripts/standalone.mjs`); `serve` gets every other request. Next would find
 * each file anew and pack it for each browser, while the page waits for it.
 */
export function staticFiles(folder: string, serve: RequestListener): RequestListener {
  const find = sirv(folder, {
    ...{ gzip: true, etag: true, extensions: [] },
    ...{ immutable: true, maxAge: (365 * DAY) / SECOND },
  });
  return (request, response) => {
    const { method, url } = request;
    const isRead = method === 'GET' || method === 'HEAD';
    if (isRead && url?.startsWith(BUILT)) find(request, response, () => serve(request, response));
    else serve(request, response);
  };
}
