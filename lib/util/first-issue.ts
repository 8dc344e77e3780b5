type Faulty = { issues: readonly { path: readonly PropertyKey[]; message: string }[] };

/** What a schema found wrong first, in a few words. */
export function firstIssue({ issues: [first] }: Faulty): string {
  if (!first) return 'nothing';
  return first.path.length > 0 ? `${first.path.join('.')}: ${first.message}` : first.message;
}
