import { defineConfig } from 'vitest/config';

export default defineConfig({
  // As in tsconfig.json.
  resolve: { alias: { '@': import.meta.dirname } },
  test: {
    include: ['lib/**/*.test.ts', 'app/**/*.test.ts', 'scripts/**/*.test.ts'],
    // Whatever shows a text has its messages.
    setupFiles: ['lib/i18n/on-server.ts'],
    testTimeout: 20_000,
    // A second, the default, is little on a busy machine.
    expect: { poll: { timeout: 10_000 } },
  },
});
