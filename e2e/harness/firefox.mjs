#!/usr/bin/env node
// Debian's Firefox as Playwright can drive it (WebDriver BiDi): it starts FIREFOX_PATH with the arguments that this gets,
// and passes everything on but one command, which Firefox 153 lacks and Playwright sends for every context. What that
// command emulates (dark or light) no test in Firefox depends on.
import { spawn } from 'node:child_process';
import net from 'node:net';
import { createInterface } from 'node:readline';
import { translate } from './bidi-frames.mjs';

const UNKNOWN = '"emulation.setMediaFeaturesOverride"';
/** Does nothing, and is answered by its id like any command. */
const HARMLESS = '"session.status"';

const firefox = spawn(process.env.FIREFOX_PATH ?? 'firefox-esr', process.argv.slice(2), {
  stdio: ['inherit', 'inherit', 'pipe'],
});
firefox.on('exit', (code) => process.exit(code ?? 1));
firefox.on('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => firefox.kill(signal));

for await (const line of createInterface({ input: firefox.stderr })) {
  const port = /^WebDriver BiDi listening on ws:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
  console.error(port ? `WebDriver BiDi listening on ws://127.0.0.1:${await relay(port)}` : line);
}

/** Relays connections to a port; returns its own. */
function relay(port) {
  const server = net.createServer((client) => {
    const browser = net.connect(Number(port), '127.0.0.1');
    const pass = translate(
      // Firefox refuses a host that is not its own.
      (request) => request.replace(/^Host: .*$/im, `Host: 127.0.0.1:${port}`),
      (message) => message.replace(`"method":${UNKNOWN}`, `"method":${HARMLESS}`),
    );
    client.on('data', (chunk) => browser.write(pass(chunk)));
    client.on('end', () => browser.end());
    browser.pipe(client);
    for (const socket of [client, browser]) socket.on('error', () => socket.destroy());
  });
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve(server.address().port)),
  );
}
