// `npm run token -- --scope ingest --name NAME`: makes a token for a machine. `--list` and `--revoke NAME` go with it.
import './require-node.mjs';
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { withLock } from './lock.mjs';
import { inRoot } from './paths.mjs';
import { command, Refusal } from './refusal.mjs';
import { asTyped } from './serve.mjs';

/** @typedef {{ name: string, scope: string, sha256: string, created_at: string }} StoredToken */

const SCOPES = ['read', 'ingest', 'admin'];
const USAGE = `Say what it is for and what it is called, such as
  npm run token -- --scope ingest --name nightly-job
with a scope of read (look), ingest (send measurements) or admin (everything). Also: --list, --revoke NAME.`;

command(async () => {
  const { scope, name, list, revoke } = options();
  const { DATA_DIR } = process.env;
  const folder = DATA_DIR ? asTyped(DATA_DIR) : inRoot('data');
  const file = path.join(folder, 'tokens.json');
  fs.mkdirSync(folder, { recursive: true });
  if (list) {
    for (const token of stored(file)) {
      console.log(`${token.name}  ${token.scope}  since ${token.created_at}`);
    }
    return;
  }
  await withLock(`${file}.lock`, async () => {
    if (revoke) revokeToken(file, revoke);
    else makeToken(file, name, scope);
  });
});

function options() {
  try {
    const { values } = parseArgs({
      options: {
        scope: { type: 'string' },
        name: { type: 'string' },
        list: { type: 'boolean' },
        revoke: { type: 'string' },
      },
    });
    const { scope = '', name = '', list, revoke } = values;
    if (!list && !revoke && !(SCOPES.includes(scope) && /^[A-Za-z0-9][\w.-]{0,63}$/.test(name))) {
      throw new Refusal(USAGE);
    }
    return { scope, name, list, revoke };
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal(USAGE);
  }
}

/** @param {string} file @param {string} name @param {string} scope */
function makeToken(file, name, scope) {
  const tokens = stored(file);
  if (tokens.some((token) => token.name === name)) {
    throw new Refusal(
      `There is a token called ${name} already: choose another name, or --revoke it first.`,
    );
  }
  const secret = `obs_${name.replace(/[^A-Za-z0-9]/g, '')}_${randomBytes(32).toString('base64url')}`;
  const sha256 = createHash('sha256').update(secret).digest('hex');
  save(file, [...tokens, { name, scope, sha256, created_at: new Date().toISOString() }]);
  console.log(`Created the token ${name} with scope ${scope}; a running server accepts it at once.
A server with another DATA_DIR takes it too with this in its API_TOKENS: ${name}:${scope}:${sha256}
Send it as "Authorization: Bearer TOKEN". It is shown this once:
${secret}`);
}

/** @param {string} file @param {string} name */
function revokeToken(file, name) {
  const tokens = stored(file);
  const left = tokens.filter((token) => token.name !== name);
  if (left.length === tokens.length) throw new Refusal(`There is no token called ${name}.`);
  save(file, left);
  console.log(`The token ${name} is no longer accepted.`);
}

/** @param {string} file @returns {StoredToken[]} */
function stored(file) {
  if (!fs.existsSync(file)) return [];
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Refusal(`${file} cannot be read (${error.message}): put it right, or move it away.`);
  }
}

/**
 * Writes the file completely or not at all, readable only by this user.
 * @param {string} file
 * @param {StoredToken[]} tokens
 */
function save(file, tokens) {
  const draft = `${file}.${process.pid}`;
  fs.writeFileSync(draft, `${JSON.stringify(tokens, null, 2)}\n`, { mode: 0o600 });
  fs.renameSync(draft, file);
}
