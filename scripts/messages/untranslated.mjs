import ts from 'typescript';

/** Attributes whose value a reader sees or hears. */
const SHOWN =
  /^(aria-label|aria-description|aria-roledescription|title|placeholder|alt|label|summary|heading|caption|note|hint|unit|text|empty)$/;
/** Attributes and elements whose text is for machines, or the same in every language. */
const FOR_MACHINES =
  /^(class[A-Z]?\w*|id|key|href|src|rel|type|role|style|d|viewBox|transform|data-.*|aria-(?!label|desc|roledesc).*|name|value|lang|rel|method|target|autoComplete|inputMode|htmlFor|fill|stroke.*)$/;
const UNTRANSLATED = /^(code|kbd|script|pre|samp)$/;
/** Calls whose texts no reader sees. */
const INTERNAL =
  /(^|\.)(t|rich|say|translate|log\.\w+|info|warn|error|debug|querySelector(All)?|matchMedia|addEventListener|removeEventListener|getPropertyValue|setProperty|closest|startsWith|endsWith|includes|split|join|get|has|set|append|createElement)$/;

/** Addresses, commands, names and settings: the same in every language. */
const SAME =
  /^(\/\S+|(npm|docker) [\s\S]*|(%s · )?Tailnet Observatory|CSV|dark light|Shift Enter)$/;

const WORDS = /\p{L}{2,}/u;
const SENTENCE = /\p{L}{2,},? +\p{L}{2,}/u;

/**
 * Finds texts in a component's source that do not go through `t`: text between tags, attributes that are read out, and
 * every literal of two words or more.
 * @param {string} file @param {string} source
 * @returns {{ line: number, text: string }[]}
 */
export function untranslated(file, source) {
  const kind = file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true, kind);
  /** @type {{ line: number, text: string }[]} */
  const found = [];
  /** @param {ts.Node} node @param {string} text */
  const note = (node, text) => {
    const { line } = tree.getLineAndCharacterOfPosition(node.getStart());
    found.push({ line: line + 1, text: text.trim().replace(/\s+/g, ' ') });
  };
  /** @param {ts.Node} node @param {boolean} shown Whether its literals are shown as they are. */
  const visit = (node, shown) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) return;
    if (ts.isJsxElement(node) && UNTRANSLATED.test(node.openingElement.tagName.getText())) return;
    if (ts.isCallExpression(node) && INTERNAL.test(node.expression.getText())) {
      for (const argument of node.arguments)
        if (!ts.isStringLiteralLike(argument)) visit(argument, false);
      return;
    }
    if (ts.isNewExpression(node) && /Error$|^(RegExp|URL)$/.test(node.expression.getText())) return;
    if (ts.isJsxAttribute(node)) {
      const name = node.name.getText();
      if (FOR_MACHINES.test(name) && !SHOWN.test(name)) return;
      if (node.initializer) visit(node.initializer, SHOWN.test(name));
      return;
    }
    if (ts.isJsxText(node)) {
      if (WORDS.test(node.text) && !SAME.test(node.text.trim())) note(node, node.text);
      return;
    }
    if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) {
      const text = ts.isTemplateExpression(node)
        ? [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('{}')
        : node.text;
      if ((shown ? WORDS : SENTENCE).test(text) && !SAME.test(text) && !isDirective(node))
        note(node, text);
    }
    const inJsx = ts.isJsxExpression(node) && !ts.isJsxAttribute(node.parent);
    const passesOn =
      ts.isConditionalExpression(node) ||
      ts.isParenthesizedExpression(node) ||
      ts.isBinaryExpression(node) ||
      ts.isJsxExpression(node);
    node.forEachChild((child) =>
      visit(child, inJsx || (shown && passesOn && !isCondition(node, child))),
    );
  };
  visit(tree, false);
  return found;
}

/** @param {ts.Node} node */
const isDirective = (node) => ts.isExpressionStatement(node.parent);

/** @param {ts.Node} node @param {ts.Node} child @returns Whether the child decides, and is not shown. */
const isCondition = (node, child) =>
  (ts.isConditionalExpression(node) && child === node.condition) ||
  (ts.isBinaryExpression(node) &&
    (child === node.left || /[=<>]/.test(node.operatorToken.getText())));
