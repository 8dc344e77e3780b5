/** A failure the person at the keyboard can put right: its message is one line that says what and how. */
export class Refusal extends Error {}

/**
 * Runs a command's main function. A {@link Refusal} becomes one line on stderr and exit code 1; anything else is a
 * fault of ours and keeps its stack.
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
