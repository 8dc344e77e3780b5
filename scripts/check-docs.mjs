// Every relative link, to a heading too, and every path in back ticks, in the pages people read, leads somewhere.
// node scripts/check-docs.mjs [FOLDER]   checks another checkout than this one
import fs from 'node:fs';
import path from 'node:path';
import { root } from './paths.mjs';

/**
 * Text in back ticks is a path of this repository when it begins like one, or looks like a source file; patterns and
 * commands are not.
 */
const OURS =
  /^(app|bench|docs|e2e|lab|lib|public|scripts|sidecar|\.ci)\/|^[^/].*\/.*\.(ts|tsx|mjs)$/;
const NOT_A_PATH = /[\s*<>{}$|…]/;
/** In the README of a folder of `lib`, a file's name alone is also a path, within that folder. */
const FILE = /^[\w.-]+\.(ts|tsx|mjs)$/;
const DESCRIBES_ITS_FOLDER = /^lib[\\/].+[\\/]README\.md$/;

const checkout = path.resolve(process.argv[2] ?? root);
const broken = pages().flatMap((page) =>
  targets(fs.readFileSync(page, 'utf8'), DESCRIBES_ITS_FOLDER.test(path.relative(checkout, page)))
    .filter(({ target, kind }) => !leadsSomewhere(target, kind, page))
    .map(
      ({ target, line }) => `${path.relative(checkout, page)}:${line}: ${target} does not exist`,
    ),
);
for (const fault of broken) console.log(fault);
process.exit(broken.length > 0 ? 1 : 0);

/**
 * Resolves a link from its page, to a heading if it names one, and a path in back ticks from the checkout or from the
 * folder that the page describes.
 */
function leadsSomewhere(target, kind, page) {
  const [file, heading] = kind === 'link' ? target.split('#') : [target];
  const folder = path.dirname(page);
  const starts = kind === 'link' ? [folder] : [checkout, folder];
  const found = file === '' ? page : starts.map((start) => path.resolve(start, file)).find(exists);
  if (!found) return false;
  return !heading || !found.endsWith('.md') || headings(found).has(heading);
}

function exists(file) {
  return fs.existsSync(file);
}

/** @param {string} page @returns {Set<string>} The anchors that GitHub gives a page's headings. */
function headings(page) {
  const lines = fs.readFileSync(page, 'utf8').split('\n');
  const texts = lines.flatMap((line) => /^#{1,6} (.*)$/.exec(line)?.[1] ?? []);
  return new Set(
    texts.map((text) =>
      text
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

/** @returns {string[]} All there are in the checkout itself and in these of its folders. */
function pages() {
  const inRoot = fs.readdirSync(checkout);
  const inFolders = ['lib', 'lab', 'docs', '.github'].flatMap((folder) => {
    const from = path.join(checkout, folder);
    if (!fs.existsSync(from)) return [];
    return fs.readdirSync(from, { recursive: true }).map((name) => path.join(folder, String(name)));
  });
  return [...inRoot, ...inFolders]
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.join(checkout, name));
}

/**
 * @param {string} markdown
 * @param {boolean} describesItsFolder
 * @returns {{ target: string, line: number, kind: 'link' | 'code' }[]} What a page points to, fenced blocks left out.
 */
function targets(markdown, describesItsFolder) {
  const found = [];
  let fenced = false;
  for (const [index, text] of markdown.split('\n').entries()) {
    if (/^\s*(```|~~~)/.test(text)) fenced = !fenced;
    if (fenced) continue;
    const line = index + 1;
    const prose = text.replace(/`[^`]*`/g, '');
    for (const [, link] of prose.matchAll(/\]\(<?([^)\s>]+)>?[^)]*\)/g)) {
      const target = decodeURI(link.replace(/\?.*$/, ''));
      if (target && !/^[a-z][a-z+.-]*:/i.test(target)) found.push({ target, line, kind: 'link' });
    }
    for (const [, code] of text.matchAll(/`([^`]+)`/g)) {
      const target = code.replace(/:\d+$/, '').replace(/^\.\//, '');
      const isPath = OURS.test(target) || (describesItsFolder && FILE.test(target));
      if (isPath && !NOT_A_PATH.test(target)) found.push({ target, line, kind: 'code' });
    }
  }
  return found;
}
