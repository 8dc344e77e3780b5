import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { TailscaleError, type TailscaleFault } from './tailscale';

/** Test doubles for this folder: real programs and servers to talk to, created on demand. */

const FIXTURES = join(import.meta.dirname, '../../e2e/fixtures/tailscale');

/** Reads a captured answer, as text. */
export function fixture(name: string): string {
  return readFileSync(join(FIXTURES, name), 'utf8');
}

/** Something to close at the end of a test: `onTestFinished(double.close)`. */
export type Double<T> = T & { close: () => Promise<void> };

/** Creates an executable `/bin/sh` script to replace `tailscale`; `argv()` returns its last arguments, one per line. */
export function fakeCommand(script: string): Double<{ command: string; argv: () => string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'fake-cli-'));
  const command = join(folder, 'tailscale');
  const record = `printf '%s\\n' "$@" > '${folder}/argv'`;
  writeFileSync(command, `#!/bin/sh\n${record}\nF='${FIXTURES}'\n${script}\n`, { mode: 0o755 });
  return {
    command,
    argv: () => readFileSync(join(folder, 'argv'), 'utf8').trimEnd().split('\n'),
    close: async () => rmSync(folder, { recursive: true }),
  };
}

type Reply = { status?: number; body: string };

/** Starts a real HTTP server to replace the sidecar: answers by path, 404 for others, or runs `handle`. */
export async function fakeSidecar(
  replies: Record<string, Reply> | ((request: IncomingMessage, response: ServerResponse) => void),
): Promise<Double<{ url: string; paths: string[] }>> {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    paths.push(path);
    if (typeof replies === 'function') return replies(request, response);
    const { status = 200, body } = replies[path] ?? { status: 404, body: '{"error":"not found"}' };
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    paths,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Expects the call to fail with a `TailscaleError` of this code whose message contains all of these. */
export async function expectFailure(
  call: Promise<unknown>,
  code: TailscaleFault,
  ...words: (string | RegExp)[]
): Promise<void> {
  const error = await call.then(
    (value) => expect.fail(`no failure, but ${JSON.stringify(value)}`),
    (fault: unknown) => fault,
  );
  expect(error).toBeInstanceOf(TailscaleError);
  if (!(error instanceof TailscaleError)) return;
  expect(`${error.reason}: ${error.message}`).toMatch(new RegExp(`^${code}: `));
  for (const word of words) expect(error.message).toMatch(word);
}
