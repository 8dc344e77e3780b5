import ts from 'typescript';

/** Errors whose message a reader gets, unless their code is `internal`. */
const READ =
  /^(AppError|Ambiguous|CollectorUnavailable|Forbidden|InvalidInput|LogReadError|NotFound|PostFault|ReportRefused|StoreUnavailable|TailscaleError|TooMany)$/;
/** In jobs any error is read: pages show what the last run failed with. */
const OF_JOBS = /^lib.(collect|otlp)\b/;
/** A fault's words that are kept before they are put into it. */
const WORDS = /^(error|fault|message|problem|refusal|why)$/;
/** Checks of a schema, and calls that make or collect faults: a literal among their arguments is shown. */
const FAULTY =
  /(^|\.)(regex|refine|min|max|length|int|url|email|enum|addIssue|fault|invalid|refuse|says|verbatim)$|\b(faults|issues|advice|problems)\.push$/;
/** Calls with a key instead of words. */
const KEYED = /(^|\.)(t|say|says|inWords|spoken|describe)$/;

const SENTENCE = /\p{L}{2,},? +\p{L}{2,}/u;

/**
 * Finds English in the faults that a part of the service tells its readers: in its errors, in the words of its schemas,
 * and in what it advises.
 * @param {string} file @param {string} source
 * @returns {{ line: number, text: string }[]}
 */
export function untranslatedFaults(file, source) {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
  /** @type {{ line: number, text: string }[]} */
  const found = [];
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isNewExpression(node) && isRead(node.expression.getText(), file)) {
      const [first] = node.arguments ?? [];
      const isInternal = first && ts.isStringLiteral(first) && first.text === 'internal';
      if (!isInternal) note(node.arguments ?? []);
    }
    if (ts.isCallExpression(node) && FAULTY.test(node.expression.getText())) note(node.arguments);
    if (ts.isPropertyAssignment(node) && isWordOf(node)) note([node.initializer]);
    if (ts.isVariableDeclaration(node) && WORDS.test(node.name.getText())) {
      const value = node.initializer;
      const chosen = value && ts.isConditionalExpression(value);
      const words = chosen ? [value.whenTrue, value.whenFalse] : value ? [value] : [];
      note(words.filter((one) => ts.isStringLiteralLike(one) || ts.isTemplateExpression(one)));
    }
    node.forEachChild(visit);
  };
  /** @param {readonly ts.Node[]} shown */
  const note = (shown) => {
    for (const text of shown.flatMap(literals)) {
      const { line } = tree.getLineAndCharacterOfPosition(text.node.getStart());
      const isKnown = found.some((one) => one.line === line + 1 && one.text === text.words);
      if (!isKnown) found.push({ line: line + 1, text: text.words });
    }
  };
  visit(tree);
  return found;
}

/** @param {string} name @param {string} file */
const isRead = (name, file) => READ.test(name) || (name === 'Error' && OF_JOBS.test(file));

/** @param {ts.PropertyAssignment} node @returns Whether it is the `error` of a schema. */
const isWordOf = (node) =>
  node.name.getText() === 'error' &&
  ts.isCallExpression(node.parent.parent) &&
  /(^|\.)(z|datetime|enum|string|number|object|url|union)\b/.test(
    node.parent.parent.expression.getText(),
  );

/** @param {ts.Node} node @returns {{ node: ts.Node, words: string }[]} The sentences in an expression. */
function literals(node) {
  if (ts.isCallExpression(node) && KEYED.test(node.expression.getText())) return [];
  if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) {
    const words = ts.isTemplateExpression(node)
      ? [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('{}')
      : node.text;
    return SENTENCE.test(words) ? [{ node, words: words.trim().replace(/\s+/g, ' ') }] : [];
  }
  /** @type {{ node: ts.Node, words: string }[]} */
  const inside = [];
  node.forEachChild((child) => {
    inside.push(...literals(child));
  });
  return inside;
}
