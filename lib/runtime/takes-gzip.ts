import type { IncomingMessage } from 'node:http';

/** Returns whether a client takes gzip (RFC 9110, 12.5.3): browsers and libraries name it, and none names it to refuse it. */
export const takesGzip = ({ headers }: IncomingMessage): boolean =>
  /(^|[\s,])gzip\s*(,|$|;\s*q=(1|0\.\d*[1-9]))/i.test(String(headers['accept-encoding'] ?? ''));
