type Faulty = { issues: readonly { path: readonly PropertyKey[]; message: string }[] };

/** Describes the first fault that a schema found, in a few words. */
export function firstIssue({ issues: [first] }: Faulty): string {
  if (!first) return 'nothing';
  return first.path.length > 0 ? `${first.path.join('.')}: ${first.message}` : first.message;
}
