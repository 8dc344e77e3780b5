/** Any of `is`, if it has any, and none of `not`. */
export type Choice<Term> = { is: readonly Term[]; not: readonly Term[] };

/** Tells a choice from a single term. */
const isChoice = <Term>(choice: Term | Choice<Term>): choice is Choice<Term> =>
  typeof choice === 'object' && choice !== null && 'is' in choice;

/** Returns a predicate: whether something is what was chosen; without a choice everything is. */
export function chooser<Term, Thing>(
  choice: Term | Choice<Term> | undefined,
  matches: (term: Term, thing: Thing) => boolean,
): (thing: Thing) => boolean {
  if (choice === undefined) return () => true;
  const { is, not } = isChoice(choice) ? choice : { is: [choice], not: [] };
  return (thing) =>
    (is.length === 0 || is.some((term) => matches(term, thing))) &&
    !not.some((term) => matches(term, thing));
}

/** Returns what a choice becomes when each of its terms is replaced. */
export function eachTerm<Term>(
  choice: Term | Choice<Term>,
  replace: (term: Term) => Term,
): Term | Choice<Term> {
  return isChoice(choice)
    ? { is: choice.is.map(replace), not: choice.not.map(replace) }
    : replace(choice);
}
