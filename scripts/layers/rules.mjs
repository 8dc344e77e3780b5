// Which folder may import which. `npm run layers` refuses every import that is not allowed here, and generates the
// table in lib/README.md from this file.

/**
 * `imports` and `types` are folders (with all their files) and files; of `types` only `import type` is allowed.
 * `packages` are npm packages, or parts of one; `node:*` is all of Node's own modules. Own files are always allowed.
 * @typedef {{ what: string, imports?: string[], types?: string[], packages?: string[] }} Layer
 */

const NODE = 'node:*';
/** Of what serves the API's answers in another form. */
const BESIDE_THE_API = [
  'lib/domain',
  'lib/i18n',
  'lib/util',
  'lib/log',
  'lib/api',
  'lib/services.ts',
  'lib/identity/current.ts',
];

/** Everything in `lib`, by folder or file. @type {Record<string, Layer>} */
const lib = {
  'lib/domain': {
    what: 'types and pure functions: device, access, address, latency, quota, format',
    imports: ['lib/util/time.ts', 'lib/i18n/languages.ts', 'lib/i18n/t.ts'],
    types: ['lib/i18n/messages'],
  },
  'lib/i18n': {
    what: 'every shown text, in English and Spanish, and the language of a request',
    imports: ['lib/util'],
    packages: [NODE, 'icu-minify', 'negotiator'],
  },
  'lib/util': {
    what: 'LRU, mutex, time, CSV: thin, over kept libraries',
    imports: ['package.json'],
    packages: ['lru-cache', 'p-limit'],
  },
  'lib/config': {
    what: 'the only reader of `process.env`: one schema, all faults reported together',
    imports: ['lib/domain', 'lib/i18n', 'lib/util', 'package.json'],
    packages: [NODE, 'zod'],
  },
  'lib/log': {
    what: 'the logger: one JSON object per line, its files, the search over them, the request context',
    imports: ['lib/domain', 'lib/util'],
    packages: [NODE, 'pino'],
  },
  'lib/tailscale': {
    what: 'one interface (`tailscale.ts`), four transports: LocalAPI socket, sidecar HTTP, CLI, demo; wire schemas stay in here',
    imports: ['lib/domain', 'lib/i18n', 'lib/util', 'lib/log'],
    packages: [NODE, 'zod'],
  },
  'lib/access-log': {
    what: 'follow a file through rotation, parse a line, normalise an endpoint, the log doctor',
    imports: ['lib/domain', 'lib/i18n', 'lib/util', 'lib/log'],
    packages: [NODE, 'isbot'],
  },
  'lib/rollup': {
    what: 'the columnar engine: blocks, roll-ups, resolutions, range plan, accumulators, query engine; knows no database',
    imports: ['lib/domain', 'lib/util'],
  },
  'lib/store/ports': {
    what: 'small interfaces, one subject each',
    imports: ['lib/domain'],
    types: ['lib/rollup'],
  },
  'lib/store/contract': {
    what: 'one suite per port, run over every adapter; only tests import it',
    imports: ['lib/domain', 'lib/util', 'lib/rollup', 'lib/store/ports'],
    packages: [NODE, 'vitest'],
  },
  'lib/store/sqlite': {
    what: 'the embedded adapter',
    imports: ['lib/domain', 'lib/util', 'lib/log', 'lib/rollup', 'lib/store/ports'],
    packages: [NODE, 'zod', '@photostructure/sqlite'],
  },
  'lib/store/influx': {
    what: "the InfluxDB adapter; a collector's own database, with its spool, is SQLite",
    imports: [
      'lib/domain',
      'lib/util',
      'lib/log',
      'lib/rollup',
      'lib/store/ports',
      'lib/store/sqlite',
    ],
    packages: [NODE, 'zod', '@influxdata/influxdb-client'],
  },
  'lib/alerts': {
    what: 'rules, state machine, outbox, channels',
    imports: ['lib/domain', 'lib/i18n', 'lib/util', 'lib/log', 'lib/store/ports'],
    packages: [NODE, 'zod', 'nodemailer'],
  },
  'lib/models': {
    what: "model reports and their CSV file; the latency forecast; each device's latency baseline",
    imports: ['lib/domain', 'lib/i18n', 'lib/util', 'lib/log', 'lib/store/ports'],
    packages: [NODE, 'zod'],
  },
  'lib/collect': {
    what: 'one file per collector `{name, schedule, run}`, and the scheduler that runs them',
    imports: [
      'lib/domain',
      'lib/i18n',
      'lib/util',
      'lib/log',
      'lib/tailscale/tailscale.ts',
      'lib/access-log',
      'lib/store/ports',
      'lib/alerts',
      'lib/models',
      'lib/rollup',
    ],
    packages: [NODE, 'zod'],
  },
  'lib/demo': {
    what: 'a history for the demo tailnet, and its live traffic',
    imports: [
      'lib/domain',
      'lib/i18n',
      'lib/util',
      'lib/tailscale/demo.ts',
      'lib/tailscale/demo-behaviour.ts',
      'lib/tailscale/demo-map.ts',
      'lib/tailscale/demo-nodes.ts',
      'lib/alerts',
      'lib/store/sqlite',
    ],
    types: ['lib/collect/collector.ts', 'lib/log'],
    packages: [NODE],
  },
  'lib/cluster': {
    what: 'several collectors behind one page: discovery, snapshots, commands',
    imports: ['lib/domain', 'lib/i18n', 'lib/util', 'lib/log', 'lib/store/ports'],
    types: ['lib/services.ts'],
    packages: [NODE, 'zod'],
  },
  'lib/identity': {
    what: 'the gate every request passes first: who is asking, and may they',
    imports: ['lib/domain', 'lib/i18n', 'lib/util', 'lib/log', 'lib/tailscale/tailscale.ts'],
    packages: [NODE, 'zod'],
  },
  'lib/services.ts': {
    what: 'what pages and calls are written against, by subject; built by `runtime`, never by them',
    imports: ['lib/domain', 'lib/util'],
    types: ['lib/store/ports'],
  },
  'lib/calls': {
    what: 'what each page asks of the API, typed by its routes; the server loads by it, the browser polls by it',
    types: ['lib/api'],
  },
  'lib/api': {
    what: 'every call as one object that serves, validates and describes it; the one error mapper',
    imports: [
      'lib/domain',
      'lib/i18n',
      'lib/util',
      'lib/log',
      'lib/calls',
      'lib/services.ts',
      'lib/identity/current.ts',
      'lib/cluster/snapshot.ts',
      'lib/cluster/take-snapshot.ts',
    ],
    types: ['lib/store/ports'],
    packages: ['zod', 'prom-client'],
  },
  'lib/mcp': {
    what: 'the read-only calls as tools of the Model Context Protocol',
    imports: BESIDE_THE_API,
    packages: ['zod', '@modelcontextprotocol/server'],
  },
  'lib/otlp': {
    what: 'pushes the metrics to an OpenTelemetry Collector, where one is set',
    imports: ['lib/api/metric-family.ts', 'lib/domain', 'lib/util'],
    types: ['lib/collect/collector.ts'],
    packages: [
      '@opentelemetry/exporter-metrics-otlp-http',
      '@opentelemetry/resources',
      '@opentelemetry/sdk-metrics',
    ],
  },
  'lib/widgets': {
    what: 'what other dashboards show: badges, the view of a signed link, the calendar of key expiries',
    imports: BESIDE_THE_API,
    packages: [NODE, 'zod'],
  },
  'lib/runtime': {
    what: 'the composition root: build, start, stop; the ingest thread. Only it names adapters',
    imports: ['lib'],
    packages: [NODE, 'send'],
  },
};

/** All other code of this repository. @type {Record<string, Layer>} */
const others = {
  app: {
    what: 'pages and route handlers, and what only they import',
    imports: [
      'lib/api',
      'lib/mcp',
      'lib/widgets',
      'lib/calls',
      'lib/services.ts',
      'lib/domain',
      'lib/i18n',
      'lib/identity/current.ts',
    ],
    packages: ['next', 'react'],
  },
  'instrumentation.ts': {
    what: 'where Next starts the service',
    imports: ['lib/runtime', 'lib/log'],
    packages: ['next'],
  },
  public: { what: 'files served as they are' },
  scripts: {
    what: 'what `npm run` runs; plain JavaScript, since it runs before anything is built',
    packages: [
      NODE,
      'next/dist/server',
      '@playwright/test',
      'dependency-cruiser',
      'esbuild',
      'typescript',
    ],
  },
  bench: {
    what: 'the measurements',
    imports: ['lib', 'e2e', 'scripts'],
    packages: [NODE, '@playwright/test', 'esbuild'],
  },
  e2e: {
    what: 'tests from outside, with the fakes and the harness they stand on',
    imports: ['lib', 'scripts'],
    packages: [
      NODE,
      '@playwright/test',
      '@axe-core/playwright',
      '@modelcontextprotocol/client',
      'esbuild',
      'ical.js',
      'vitest',
      'yaml',
      'zod',
    ],
  },
  'next.config.ts': { what: 'settings of Next', packages: [NODE, 'next'] },
  'playwright.config.ts': { what: 'settings of Playwright', packages: ['@playwright/test'] },
  'vitest.config.ts': { what: 'settings of Vitest', packages: ['vitest'] },
  'vitest.live.config.ts': { what: 'settings of Vitest', packages: ['vitest'] },
};

/** Every layer by its folder or file, in the order of the table. @type {Record<string, Layer>} */
export const layers = { ...lib, ...others };

/**
 * Client components (files that begin with 'use client') and everything in `app` that they import: it is sent to the
 * browser, so it must not contain the rest of the service.
 * @type {Layer}
 */
export const client = {
  what: "client components and what they import: files with `'use client'`, and from there on",
  imports: [
    'app',
    'lib/calls',
    'lib/domain',
    'lib/i18n/languages.ts',
    'lib/i18n/t.ts',
    'lib/util/csv.ts',
    'lib/util/time.ts',
  ],
  types: ['lib/api', 'lib/i18n/messages'],
  packages: [
    'react',
    'react-dom',
    'next/link',
    'next/navigation',
    'swr',
    'chart.js',
    'downshift',
    'react-chartjs-2',
    '@tanstack/react-virtual',
  ],
};

/** What tests and their doubles may import in addition to their folder's imports. @type {Layer} */
export const tests = {
  what: 'tests (`*.test.ts`) and their doubles (`test-*.ts`), besides what their folder may',
  imports: [
    'lib/i18n',
    'lib/tailscale',
    'lib/store',
    'lib/util/time.ts',
    'e2e/fakes',
    'e2e/harness/tailnet',
  ],
  packages: [NODE, 'vitest', 'esbuild', 'zod', 'ical.js', 'smtp-server'],
};

/** Names of test code. A test double may be used by any test, and by nothing else. */
export const TEST_NAME = '(test-[^/]+|[^/]+[.](test|spec))[.]ts$';

/** Files that only Next imports; those of `app` run on the server. */
export const ENTRIES = '^app/(|.+/)(page|layout|route|template|default)[.]tsx?$';
