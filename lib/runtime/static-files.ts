import type { IncomingMessage, RequestListener } from 'node:http';
import path from 'node:path';
import send from 'send';
import { DAY } from '../util/time';
import { takesGzip } from './takes-gzip';

/** Where pages ask for the files of a build, whose names change with what is in them. */
const BUILT = '/_next/static/';
/** The types of the files that are packed when a build is made (`scripts/standalone.mjs`). */
const PACKED_TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
};

/**
 * Returns a listener that serves the scripts, styles and fonts of a build from `root`; `serve` gets every other request,
 * and those for files that are not there. Next would find each file anew and pack it for each browser, while the page
 * waits for it.
 */
export function staticFiles(root: string, serve: RequestListener): RequestListener {
  return (request, response) => {
    const pathname = builtFile(request);
    if (pathname === null) return serve(request, response);
    const type = PACKED_TYPES[path.extname(pathname)];
    const isPacked = type !== undefined && takesGzip(request);
    let isFound = false;
    send(request, isPacked ? `${pathname}.gz` : pathname, {
      ...{ root, index: false, acceptRanges: false, immutable: true, maxAge: 365 * DAY },
    })
      .on('headers', () => {
        isFound = true;
        if (!type) return;
        response.setHeader('Content-Type', type).setHeader('Vary', 'Accept-Encoding');
        if (isPacked) response.setHeader('Content-Encoding', 'gzip');
      })
      .on('directory', () => serve(request, response))
      .on('error', () => {
        // What was found and cannot be sent has its headers already, which are not those of another answer.
        if (isFound) response.destroy();
        else serve(request, response);
      })
      .pipe(response);
  };
}

/** Returns the path of the file that a request is for, from the folder on; `null`: it is for something else. */
function builtFile({ method, url = '' }: IncomingMessage): string | null {
  const [pathname = ''] = url.split('?');
  const isRead = method === 'GET' || method === 'HEAD';
  return isRead && pathname.startsWith(BUILT) ? pathname.slice(BUILT.length) : null;
}
