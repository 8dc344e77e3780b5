import path from 'node:path';
import ts from 'typescript';

/**
 * A part of a file that people read. `line` is where it begins, from 1.
 * @typedef {{ kind: 'comment' | 'text' | 'name', text: string, line: number }} Part
 */

const SCRIPT_KINDS = {
  '.ts': ts.ScriptKind.TS,
  '.tsx': ts.ScriptKind.TSX,
  '.mjs': ts.ScriptKind.JS,
  '.js': ts.ScriptKind.JS,
};
const HASH_COMMENTS = /\.(sh|ya?ml|conf|service|py)$|(^|\/)(Dockerfile|lab|run|\.env\.example)$/;

/** Names of tables and columns are as public as those of the API. */
const SQL = /\b(SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|FROM|WHERE|ON CONFLICT)\s/;
/** A text that is a key or a value rather than prose. */
const KEY = /^[a-z][\w-]*$/;

/**
 * Returns comments, texts and declared names of a source file; the prose of a Markdown page, without code; the comments
 * of shell scripts, YAML and the like. Nothing for other files.
 * @param {string} file @param {string} content @returns {Part[]}
 */
export function proseOf(file, content) {
  const kind = SCRIPT_KINDS[path.extname(file)];
  const parts = kind
    ? inCode(file, content, kind)
    : file.endsWith('.md')
      ? inMarkdown(content)
      : [];
  if (HASH_COMMENTS.test(file)) parts.push(...hashComments(content));
  return [{ kind: 'name', text: path.basename(file).replace(/\..*/, ''), line: 1 }, ...parts];
}

/** @returns {Part[]} */
function inCode(file, content, scriptKind) {
  const source = ts.createSourceFile(file, content, ts.ScriptTarget.Latest, true, scriptKind);
  const lineAt = (position) => source.getLineAndCharacterOfPosition(position).line + 1;
  /** @type {Part[]} */
  const parts = [];
  const add = (kind, text, position) => {
    if (text.trim()) parts.push({ kind, text, line: lineAt(position) });
  };
  const comments = new Set();
  const addComments = (ranges) => {
    for (const { pos, end } of ranges ?? []) {
      if (comments.has(pos)) continue;
      comments.add(pos);
      add('comment', content.slice(pos, end), pos);
    }
  };
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isToken(node) || node.getChildCount(source) === 0) {
      if (!ts.isJsxText(node)) addComments(ts.getLeadingCommentRanges(content, node.pos));
      addComments(ts.getTrailingCommentRanges(content, node.end));
    }
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
      addComments(ts.getLeadingCommentRanges(content, node.pos));
      return;
    }
    if (ts.isJsxText(node)) add('text', node.text, node.getStart(source));
    else if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || isTemplateRest(node)) {
      if (!SQL.test(node.text))
        add(KEY.test(node.text) ? 'name' : 'text', node.text, node.getStart(source));
    } else if (ts.isIdentifier(node) && isDeclared(node))
      add('name', node.text, node.getStart(source));
    for (const child of node.getChildren(source)) visit(child);
  };
  visit(source);
  return parts;
}

/** @param {ts.Node} node @returns {node is ts.TemplateMiddle | ts.TemplateTail} */
const isTemplateRest = (node) => ts.isTemplateMiddle(node) || ts.isTemplateTail(node);

/** @param {ts.Identifier} node */
const isDeclared = (node) => {
  const { parent } = node;
  return 'name' in parent && parent.name === node && !ts.isPropertyAccessExpression(parent);
};

/** @returns {Part[]} One for each paragraph or line of a table. */
function inMarkdown(content) {
  let fenced = false;
  /** @type {Part | undefined} */
  let paragraph;
  /** @type {Part[]} */
  const parts = [];
  for (const [index, line] of content.split('\n').entries()) {
    if (/^\s*(```|~~~)/.test(line)) fenced = !fenced;
    const isProse = !fenced && !/^( {4}|\t)(?![ -])/.test(line) && line.trim() !== '';
    if (isProse && paragraph) paragraph.text += `\n${line}`;
    else if (isProse) {
      paragraph = { kind: 'text', text: line, line: index + 1 };
      parts.push(paragraph);
    }
    if (!isProse || line.startsWith('|')) paragraph = undefined;
  }
  return parts.map((part) => ({ ...part, text: part.text.replace(/`[^`]*`|\]\([^)]*\)/g, blank) }));
}

/** Replaces text with spaces, so that lines keep their numbers. */
const blank = (text) => text.replace(/[^\n]/g, ' ');

/** @returns {Part[]} */
function hashComments(content) {
  return content.split('\n').flatMap((line, index) => {
    const [, text] = /(?:^|\s)#(?!!)(.*)$/.exec(line) ?? [];
    return text?.trim() ? [{ kind: /** @type {const} */ ('comment'), text, line: index + 1 }] : [];
  });
}
