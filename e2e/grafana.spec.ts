import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import * as z from 'zod';
import { type RunningApp, root, startApp } from './harness/app';
import { hasPrometheus, type Prometheus, startPrometheus } from './harness/prometheus';

const FOLDER = path.join(root, 'deploy/grafana/prometheus');
const dashboardSchema = z.object({
  uid: z.string(),
  templating: z.object({ list: z.array(z.object({ name: z.string() })) }),
  panels: z.array(
    z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })).min(1) }),
  ),
});

let app: RunningApp;
let prometheus: Prometheus;
test.beforeAll(async () => {
  test.setTimeout(120_000);
  test.skip(!(await hasPrometheus()), "Debian's package prometheus is not installed");
  app = await startApp({ env: { DEMO: '1' } });
  await app.waitHealthy();
  prometheus = await startPrometheus(`global:
  scrape_interval: 1s
scrape_configs:
  - job_name: observatory
    static_configs: [{ targets: ["${new URL(app.url).host}"] }]
`);
});
test.afterAll(async () => {
  await prometheus?.stop();
  await app?.stop();
});

test('each query of the dashboards for Prometheus finds something', async () => {
  test.setTimeout(180_000);
  const files = await readdir(FOLDER);
  expect(files.sort()).toEqual(['device.json', 'overview.json', 'services.json', 'traffic.json']);
  for (const file of files) {
    const text = await readFile(path.join(FOLDER, file), 'utf8');
    const { panels, templating } = dashboardSchema.parse(JSON.parse(text));
    const variables = templating.list.map(({ name }) => `$${name}`);
    for (const { expr } of panels.flatMap(({ targets }) => targets)) {
      const query = variables
        .reduce((text, variable) => text.replaceAll(`"${variable}"`, '".*"'), expr)
        .replaceAll('$__rate_interval', '30s')
        .replaceAll('$__range', '1m');
      expect(query).not.toContain('$');
      await expect
        .poll(async () => (await prometheus.query(query)).length, {
          message: `${file}: ${expr}`,
          timeout: 60_000,
        })
        .toBeGreaterThan(0);
    }
  }
});
