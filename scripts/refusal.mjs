/** A failure that the user can fix: its message is one line that says what is wrong and how to fix it. */
export class Refusal extends Error {}

/**
 * Runs a command's main function. A {@link Refusal} becomes one line on stderr and exit code 1; any other error is a
 * bug of this program and keeps its stack.
 * @param {() => Promise<void>} main
 */
export async function command(main) {
  try {
    await main();
  } catch (error) {
    process.stderr.write(`${error instanceof Refusal ? error.message : error?.stack}\n`);
    process.exit(1);
  }
}
