import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { tool } from './paths.mjs';
import { run } from './run.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * Unit and contract tests. Prints Vitest's own report.
 * @param {string} [config] Another configuration than `npm test` runs with.
 */
export const runVitest = (config = 'vitest.config.ts') =>
  counted(
    (report) =>
      run(tool('vitest'), [
        'run',
        `--config=${config}`,
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${report}`,
      ]),
    fromVitest,
  );

/**
 * Browser tests. Prints Playwright's own report.
 * @param {'browser' | 'live'} project Of playwright.config.ts.
 * @param {string | undefined} chromium Its executable; undefined for the one Playwright downloaded.
 */
export const runPlaywright = (project, chromium) =>
  counted(
    (report) =>
      run(tool('playwright'), ['test', `--project=${project}`, '--reporter=list,json'], {
        env: { CHROMIUM_PATH: chromium, PLAYWRIGHT_JSON_OUTPUT_FILE: report },
      }),
    fromPlaywright,
  );

/** @param {Counts} a @param {Counts} b @returns {Counts} */
export const sum = (a, b) => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
});

/**
 * Prints the closing line and ends the process. A run in which nothing ran has failed.
 * @param {Counts} counts
 */
export function close({ passed, failed, skipped }) {
  console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  process.exit(failed > 0 || passed === 0 ? 1 : 0);
}

/**
 * @param {(report: string) => Promise<{ code: number }>} runner Told where to put its JSON report.
 * @param {(report: any) => Counts} read
 * @returns {Promise<Counts>}
 */
async function counted(runner, read) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'observatory-report-'));
  const report = path.join(folder, 'report.json');
  try {
    const { code } = await runner(report);
    const counts = fs.existsSync(report)
      ? read(JSON.parse(fs.readFileSync(report, 'utf8')))
      : { passed: 0, failed: 0, skipped: 0 };
    // A runner can fail without a test failing: a file that does not load, no test found, a crash.
    return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns {Counts} */
const fromVitest = ({ numPassedTests, numFailedTests, numPendingTests, numTodoTests }) => ({
  passed: numPassedTests,
  failed: numFailedTests,
  skipped: numPendingTests + numTodoTests,
});

/** @returns {Counts} */
const fromPlaywright = ({ stats }) => ({
  passed: stats.expected + stats.flaky,
  failed: stats.unexpected,
  skipped: stats.skipped,
});
