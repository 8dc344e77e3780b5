/** Next calls this once before the first request, in every runtime; the collectors live in Node's. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { main } = await import('./lib/runtime/main');
  await main();
}
