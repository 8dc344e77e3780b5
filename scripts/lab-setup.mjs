import { inRoot } from './paths.mjs';
import { Refusal } from './refusal.mjs';
import { run } from './run.mjs';

/** Builds, starts and drives the lab; its own README describes it. */
export const labScript = inRoot('lab/lab');

/** The lab is a shell program, and requires POSIX processes. */
const labIsPossible = process.platform !== 'win32';

/** Throws a {@link Refusal} on a system that cannot run the lab. */
export function assertLabPossible() {
  if (!labIsPossible)
    throw new Refusal('There is no lab on Windows: run this on Linux, or in WSL.');
}

/** The parts of the lab: the variable that is set once each is there, and its name. */
const PARTS = {
  tailnet: { variable: 'LAB_TAILSCALE_SOCKET', name: 'a tailnet' },
  influxdb: { variable: 'LAB_INFLUX_URL', name: 'InfluxDB' },
  caddy: { variable: 'LAB_CADDY', name: 'Caddy' },
  otelcol: { variable: 'LAB_OTELCOL', name: 'an OpenTelemetry Collector' },
};

/**
 * Returns the variables of the running lab, all named LAB_…; none when no lab is running. Those set in our own
 * environment take precedence.
 * @returns {Promise<Record<string, string | undefined>>}
 */
export async function labVariables() {
  const own = Object.entries(process.env).filter(([name]) => name.startsWith('LAB_'));
  if (!labIsPossible) return Object.fromEntries(own);
  const { code, output } = await run(labScript, ['env'], { capture: true });
  if (code !== 0) throw new Refusal(output.trimEnd());
  const found = Object.fromEntries(
    // Written by bash, which puts a backslash before special characters.
    [...output.matchAll(/^export (LAB_\w+)=(.*)$/gm)].map(([, name, value]) => [
      name,
      value.replace(/\\(.)/g, '$1'),
    ]),
  );
  return { ...found, ...Object.fromEntries(own) };
}

/**
 * Returns the variables of a lab with all parts that this machine can run, built and started first if necessary. Prints
 * which part is left out, and why. Throws a {@link Refusal} when there can be no tailnet.
 */
export async function ensureLab() {
  assertLabPossible();
  const running = await labVariables();
  const toStart = [];
  for (const [part, { variable, name }] of Object.entries(PARTS)) {
    if (running[variable]) continue;
    const lacks = await whatIsMissing(part);
    if (lacks && part === 'tailnet') {
      throw new Refusal(`The lab is not up, and cannot be built here:\n\n${lacks}`);
    }
    if (lacks)
      console.log(`The lab starts without ${name}, which cannot be built here:\n\n${lacks}\n`);
    else toStart.push(part);
  }
  if (toStart.length === 0) return running;
  console.log(`Starting the lab (${toStart.join(' and ')}) …`);
  const { code } = await run(labScript, ['up', ...toStart]);
  if (code !== 0) throw new Refusal('The lab did not start: it says why above.');
  return labVariables();
}

/** @param {string} part @returns {Promise<string>} A line for each thing; empty when there is nothing. */
async function whatIsMissing(part) {
  const { code, output } = await run(labScript, ['missing', part], { capture: true });
  return code === 0 ? '' : output.trimEnd();
}
