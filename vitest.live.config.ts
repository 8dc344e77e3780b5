import { defineConfig } from 'vitest/config';

/** Tests against the lab's real InfluxDB; `npm run test:live` runs them. */
export default defineConfig({
  test: {
    include: ['e2e/live/influx/*.test.ts'],
    setupFiles: ['lib/i18n/on-server.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});
