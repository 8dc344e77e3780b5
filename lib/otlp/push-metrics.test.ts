import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import * as z from 'zod';
import type { Family } from '../api/metric-family';
import { PushMetrics } from './push-metrics';

const attributes = z.array(
  z.object({ key: z.string(), value: z.object({ stringValue: z.string() }) }),
);
const point = z.object({ attributes, asDouble: z.number() });
const metric = z.object({
  name: z.string(),
  description: z.string(),
  unit: z.string(),
  gauge: z.object({ dataPoints: z.array(point) }).optional(),
  sum: z
    .object({
      dataPoints: z.array(point),
      isMonotonic: z.boolean(),
      aggregationTemporality: z.number(),
    })
    .optional(),
  histogram: z
    .object({
      dataPoints: z.array(
        z.object({
          attributes,
          count: z.number(),
          sum: z.number(),
          bucketCounts: z.array(z.number()),
          explicitBounds: z.array(z.number()),
        }),
      ),
    })
    .optional(),
});
const pushed = z.object({
  resourceMetrics: z.tuple([
    z.object({
      resource: z.object({ attributes }),
      scopeMetrics: z.tuple([z.object({ metrics: z.array(metric) })]),
    }),
  ]),
});

/** A collector on a socket that understands OTLP as JSON; `status`: what it answers. */
async function collectorOf(status: number) {
  const taken: { url: string; headers: http.IncomingHttpHeaders; body: unknown }[] = [];
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
    taken.push({ url: request.url ?? '', headers: request.headers, body });
    response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { taken, url: `http://127.0.0.1:${port}` };
}

const FAMILIES: Family[] = [
  {
    ...{ name: 'observatory_device_online', help: 'Online', type: 'gauge' },
    samples: [{ labels: { device_id: 'n1', device: 'a"b', user: '' }, value: 1 }],
  },
  {
    ...{ name: 'observatory_response_bytes_total', help: 'Bytes', type: 'counter' },
    samples: [{ labels: { host: 'git' }, value: 2 ** 41 }],
  },
  {
    ...{ name: 'observatory_response_time_seconds', help: 'Times', type: 'histogram' },
    bounds: [0.1, 1],
    samples: [{ labels: { host: 'git' }, counts: [3, 0, 1], sum: 31.5 }],
  },
];
const pushTo = (url: string) =>
  new PushMetrics(
    '0 * * * * *',
    { url, headers: { 'api-key': 'secret' }, instance: 'main' },
    async () => FAMILIES,
  );

it('sends gauges, counters and histograms under their names, with their labels and units', async () => {
  const { taken, url } = await collectorOf(200);
  await pushTo(url).run();
  expect(taken).toHaveLength(1);
  expect(taken[0]?.url).toBe('/v1/metrics');
  expect(taken[0]?.headers).toMatchObject({ 'api-key': 'secret' });
  const [{ resource, scopeMetrics }] = pushed.parse(taken[0]?.body).resourceMetrics;
  const who = Object.fromEntries(resource.attributes.map(({ key, value }) => [key, value]));
  expect(who['service.name']).toEqual({ stringValue: 'tailnet-observatory' });
  expect(who['service.instance.id']).toEqual({ stringValue: 'main' });
  const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
  expect(scopeMetrics[0].metrics).toEqual([
    {
      ...{ name: 'observatory_device_online', description: 'Online', unit: '' },
      gauge: {
        dataPoints: [{ attributes: [text('device_id', 'n1'), text('device', 'a"b')], asDouble: 1 }],
      },
    },
    {
      ...{ name: 'observatory_response_bytes_total', description: 'Bytes', unit: 'By' },
      sum: {
        dataPoints: [{ attributes: [text('host', 'git')], asDouble: 2 ** 41 }],
        ...{ isMonotonic: true, aggregationTemporality: 2 },
      },
    },
    {
      ...{ name: 'observatory_response_time_seconds', description: 'Times', unit: 's' },
      histogram: {
        dataPoints: [
          {
            ...{ attributes: [text('host', 'git')], count: 4, sum: 31.5 },
            ...{ bucketCounts: [3, 0, 1], explicitBounds: [0.1, 1] },
          },
        ],
      },
    },
  ]);
});

it('fails, naming the address, when nothing takes the metrics', async () => {
  const { url } = await collectorOf(400);
  await expect(pushTo(url).run()).rejects.toThrow(`${url}/v1/metrics took no metrics`);
  await expect(pushTo('http://127.0.0.1:9').run()).rejects.toThrow('127.0.0.1:9');
});
