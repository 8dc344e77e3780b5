import fs from 'node:fs';
import path from 'node:path';

/**
 * Finds texts of a catalog that no source names: by their whole key, or by a template such as `area.${name}`, which
 * names them all.
 * @param {string} catalog The folder of a language. @param {string[]} files
 * @returns {string[]}
 */
export function unused(catalog, files) {
  const code = files.map((file) => fs.readFileSync(file, 'utf8')).join('\n');
  const named = new Set(code.match(/\b[a-zA-Z]+[.][a-zA-Z]\w*\b/g));
  const starts = [...new Set(code.match(/`[a-zA-Z]+[.]\w*(?=\$\{)/g))].map((start) =>
    start.slice(1),
  );
  return fs.readdirSync(catalog).flatMap((file) => {
    const area = path.basename(file, '.json');
    const names = Object.keys(JSON.parse(fs.readFileSync(path.join(catalog, file), 'utf8')));
    return names
      .map((name) => `${area}.${name}`)
      .filter((key) => !named.has(key) && !starts.some((start) => key.startsWith(start)))
      .map((key) => `lib/i18n/messages/en/${file}: nothing shows ${key}`);
  });
}
