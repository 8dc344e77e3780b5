// Every relative link and every path in back ticks, in the pages people read, leads somewhere.
// node scripts/check-docs.mjs [FOLDER]   checks another checkout than this one
import fs from 'node:fs';
import path from 'node:path';
import { root } from './paths.mjs';

/** Text in back ticks is a path of ours when it begins like one, or is a source file's; a pattern or a command is none. */
const OURS =
  /^(app|bench|docs|e2e|lab|lib|public|scripts|sidecar|\.ci)\/|^[^/].*\/.*\.(ts|tsx|mjs)$/;
const NOT_A_PATH = /[\s*<>{}$|…]/;

const checkout = path.resolve(process.argv[2] ?? root);
const broken = pages().flatMap((page) =>
  targets(fs.readFileSync(page, 'utf8'))
    .filter(({ target, kind }) => !leadsSomewhere(target, kind, path.dirname(page)))
    .map(
      ({ target, line }) => `${path.relative(checkout, page)}:${line}: ${target} does not exist`,
    ),
);
for (const fault of broken) console.log(fault);
process.exit(broken.length > 0 ? 1 : 0);

/** A link starts from its page; a path in back ticks from the checkout, or from the folder the page describes. */
function leadsSomewhere(target, kind, folder) {
  const starts = kind === 'link' ? [folder] : [checkout, folder];
  return starts.some((start) => fs.existsSync(path.resolve(start, target)));
}

/** @returns {string[]} */
function pages() {
  const docs = path.join(checkout, 'docs');
  const inDocs = fs.existsSync(docs)
    ? fs.readdirSync(docs, { recursive: true }).map((name) => path.join(docs, String(name)))
    : [];
  const readmes = ['README.md', 'lib/README.md', 'lab/README.md'];
  return [...readmes.map((name) => path.join(checkout, name)), ...inDocs].filter(
    (file) => file.endsWith('.md') && fs.existsSync(file),
  );
}

/**
 * @param {string} markdown
 * @returns {{ target: string, line: number, kind: 'link' | 'code' }[]} What a page points to, fenced blocks left out.
 */
function targets(markdown) {
  const found = [];
  let fenced = false;
  for (const [index, text] of markdown.split('\n').entries()) {
    if (/^\s*(```|~~~)/.test(text)) fenced = !fenced;
    if (fenced) continue;
    const line = index + 1;
    const prose = text.replace(/`[^`]*`/g, '');
    for (const [, link] of prose.matchAll(/\]\(<?([^)\s>]+)>?[^)]*\)/g)) {
      const target = decodeURI(link.replace(/[#?].*$/, ''));
      if (target && !/^[a-z][a-z+.-]*:/i.test(target)) found.push({ target, line, kind: 'link' });
    }
    for (const [, code] of text.matchAll(/`([^`]+)`/g)) {
      const target = code.replace(/:\d+$/, '').replace(/^\.\//, '');
      if (OURS.test(target) && !NOT_A_PATH.test(target)) found.push({ target, line, kind: 'code' });
    }
  }
  return found;
}
