// Runs as the image's HEALTHCHECK: succeeds when /healthz does, and otherwise prints the problems it reports.
import { reachable } from './preflight.mjs';

const { PORT = '3000', HOST = '127.0.0.1' } = process.env;

try {
  const url = new URL(`http://${reachable(HOST)}:${PORT}/healthz`);
  const answer = await fetch(url, { signal: AbortSignal.timeout(8_000) });
  if (!answer.ok) console.log((await answer.text()).slice(0, 2_000));
  process.exitCode = answer.ok ? 0 : 1;
} catch (error) {
  console.log(`/healthz does not answer: ${error.cause?.message ?? error.message}`);
  process.exitCode = 1;
}
