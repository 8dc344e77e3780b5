import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { TailscaleError, type TailscaleFault } from './tailscale';

/** For the tests of this folder: real programs and servers to talk to, made on the spot. */

const FIXTURES = join(import.meta.dirname, '../../e2e/fixtures/tailscale');

/** A captured answer, as text. */
export function fixture(name: string): string {
  return readFileSync(join(FIXTURES, name), 'utf8');
}

/** Something to close at the end of a test: `onTestFinished(double.close)`. */
export type Double<T> = T & { close: () => Promise<void> };

/** An executable `/bin/sh` script in place of `tailscale`; `argv()` is how it was called last, one argument a line. */
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

/** A real HTTP server in place of the sidecar: answers by path, 404 for others, or what `handle` does. */
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

/** The call fails with a `TailscaleError` of this code whose message says all of these. */
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
