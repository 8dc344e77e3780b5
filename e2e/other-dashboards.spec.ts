import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { parse } from 'yaml';
import * as z from 'zod';
import { type RunningApp, startApp } from './harness/app';

/** What is in `deploy` for other programs' dashboards, against what the service really answers. */

const HOST = 'https://observatory.YOUR-TAILNET.ts.net';

let app: RunningApp;
let summary: Record<string, unknown>;
test.beforeAll(async () => {
  app = await startApp({ env: { DEMO: '1' } });
  await app.waitHealthy();
  summary = z
    .record(z.string(), z.unknown())
    .parse(await (await fetch(`${app.url}/widgets/summary.json`)).json());
});
test.afterAll(() => app.stop());

const read = (file: string) => {
  const text = readFileSync(`deploy/${file}`, 'utf8');
  return { text, document: parse(text, { logLevel: 'silent' }) };
};
/** Expects the answer to have a field, with a value of that kind. */
function expectField(name: string, kind: 'number' | 'string' | 'boolean' | 'any'): void {
  expect(Object.keys(summary)).toContain(name);
  const { [name]: value } = summary;
  expect(value, name).not.toBeNull();
  if (kind !== 'any') expect(typeof value, name).toBe(kind);
}
/** Expects every address of a file to answer. */
async function expectAddresses(text: string): Promise<void> {
  const link = await fetch(`${app.url}/widgets/links`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ devices: ['nas'] }),
  });
  const { path: view } = z.object({ path: z.string() }).parse(await link.json());
  const addresses = [...text.matchAll(/https:\/\/observatory\.\S+/g)].map(([address]) => address);
  expect(addresses.length).toBeGreaterThan(0);
  for (const address of addresses) {
    const here = address.replace(HOST, app.url).replace('/embed/YOUR-LINK', view);
    expect((await fetch(here)).status, address).toBe(200);
  }
}

test('Homepage: every mapped field is in the answer, of the kind that its format needs', async () => {
  const { text, document } = read('homepage/services.yaml');
  const field = z.object({ field: z.string(), format: z.string() });
  const widget = z
    .object({
      type: z.literal('customapi'),
      url: z.literal(`${HOST}/widgets/summary.json`),
      mappings: z.array(field.extend({ additionalField: field.optional() })).min(5),
    })
    .parse(document[0].Network[0].Tailnet.widget);
  for (const { additionalField, ...mapping } of widget.mappings) {
    for (const one of additionalField ? [mapping, additionalField] : [mapping]) {
      expectField(one.field, /number|float|percent/.test(one.format) ? 'number' : 'string');
    }
  }
  await expectAddresses(text);
});

test('Glance: every field of the template is in the answer, of the kind it is read as', async () => {
  const { text, document } = read('glance/tailnet.yml');
  const widget = z.object({ type: z.literal('custom-api'), url: z.string(), template: z.string() });
  const [{ template, url }] = z.tuple([widget]).parse(document);
  expect(url).toBe(`${HOST}/widgets/summary.json`);
  const fields = [...template.matchAll(/\.JSON\.(Int|Float|String|Bool) "(\w+)"/g)];
  expect(fields.length).toBeGreaterThan(5);
  for (const [, kind, name = ''] of fields) {
    expectField(name, kind === 'String' ? 'string' : kind === 'Bool' ? 'boolean' : 'number');
  }
  expect(template.match(/\{\{/g)?.length).toBe(template.match(/\}\}/g)?.length);
  await expectAddresses(text);
});

test('Home Assistant: every field of a sensor is in the answer', async () => {
  const { text, document } = read('home-assistant/configuration.yaml');
  const sensor = z.object({ name: z.string(), unique_id: z.string(), value_template: z.string() });
  const [rest] = z
    .array(
      z.object({
        resource: z.literal(`${HOST}/widgets/summary.json`),
        sensor: z.array(sensor).min(5),
        binary_sensor: z.array(sensor).min(1),
      }),
    )
    .parse(document.rest);
  const sensors = [...(rest?.sensor ?? []), ...(rest?.binary_sensor ?? [])];
  expect(new Set(sensors.map(({ unique_id }) => unique_id)).size).toBe(sensors.length);
  for (const { value_template, name } of sensors) {
    const fields = [...value_template.matchAll(/value_json\.(\w+)/g)];
    expect(fields.length, name).toBeGreaterThan(0);
    for (const [, field = ''] of fields) expectField(field, 'any');
  }
  await expectAddresses(text);
});

test('Homarr: every address answers', async () => {
  await expectAddresses(read('homarr/tiles.yaml').text);
});
