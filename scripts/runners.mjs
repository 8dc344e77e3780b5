import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { tool } from './paths.mjs';
import { run } from './run.mjs';

/**
 * What a run came to. `failures` names each test that failed, with the beginning of why.
 * @typedef {{ passed: number, failed: number, skipped: number, failures: string[] }} Counts
 */

/**
 * Unit and contract tests. Prints Vitest's own report.
 * @param {string} [config] Another configuration than `npm test` runs with.
 */
export const runVitest = (config = 'vitest.config.ts') =>
  counted(
    (report) =>
      run(
        ...tool(
          'vitest',
          'run',
          `--config=${config}`,
          '--reporter=default',
          '--reporter=json',
          `--outputFile.json=${report}`,
        ),
      ),
    fromVitest,
  );

/**
 * Runs the browser tests. Prints Playwright's own report.
 * @param {'browser' | 'live' | 'live-alone'} project Of playwright.config.ts.
 * @param {string | undefined} chromium Its executable; undefined for the one Playwright downloaded.
 */
export const runPlaywright = (project, chromium) =>
  counted(
    (report) =>
      run(...tool('playwright', 'test', `--project=${project}`, '--reporter=list,json'), {
        env: { CHROMIUM_PATH: chromium, PLAYWRIGHT_JSON_OUTPUT_FILE: report },
      }),
    fromPlaywright,
  );

/** @param {Counts} a @param {Counts} b @returns {Counts} */
export const sum = (a, b) => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
  failures: [...a.failures, ...b.failures],
});

/**
 * Prints what failed and the closing line, and ends the process. A run without any test has failed.
 * @param {Counts} counts
 */
export function close({ passed, failed, skipped, failures }) {
  if (failures.length > 0) console.log(`\nFailed:\n${failures.join('\n')}`);
  console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  process.exit(failed > 0 || passed === 0 ? 1 : 0);
}

/**
 * @param {(report: string) => Promise<{ code: number }>} runner Receives the path for its JSON report.
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
      : { passed: 0, failed: 0, skipped: 0, failures: [] };
    // A runner can fail without a test failing: a file that does not load, no test found, a crash.
    return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns {Counts} */
const fromVitest = (report) => ({
  passed: report.numPassedTests,
  failed: report.numFailedTests,
  skipped: report.numPendingTests + report.numTodoTests,
  failures: report.testResults.flatMap(({ name, message, assertionResults }) => [
    ...(message ? [failure(name, message)] : []),
    ...assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages }) =>
        failure(`${path.basename(name)}: ${fullName}`, failureMessages[0]),
      ),
  ]),
});

/** @returns {Counts} */
const fromPlaywright = ({ stats, suites, errors }) => ({
  passed: stats.expected + stats.flaky,
  failed: stats.unexpected,
  skipped: stats.skipped,
  failures: [
    ...errors.map(({ message }) => failure('before any test', message)),
    ...suites
      .flatMap(specs)
      .filter(({ ok }) => !ok)
      .map(({ file, title, tests }) =>
        failure(`${file}: ${title}`, tests[0].results[0]?.error?.message),
      ),
  ],
});

const specs = ({ specs: own, suites = [] }) => [...own, ...suites.flatMap(specs)];

/** Returns the name, with the first lines of the reason below it. */
const failure = (name, reason = 'no reason given') =>
  [name, ...stripVTControlCharacters(reason).split('\n').slice(0, 8)].join('\n    ');
