// `npm run models:import -- FILE [--model NAME]`: imports reports of models from a CSV. The app may be running.
import './require-node.mjs';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { inRoot, programs } from './paths.mjs';
import { ensureBuilt, ensureInstalled } from './prepare.mjs';
import { command, Refusal } from './refusal.mjs';
import { run } from './run.mjs';
import { asTyped } from './serve.mjs';

const USAGE = `Say which file: npm run models:import -- FILE
It needs the columns timestamp, model_name and mae; --model NAME stands in for model_name.`;

command(async () => {
  const { file, model } = options();
  if (!fs.existsSync(file)) throw new Refusal(`There is no file ${file}.`);
  const { DATA_DIR } = process.env;
  const folder = DATA_DIR ? asTyped(DATA_DIR) : inRoot('data');
  fs.mkdirSync(folder, { recursive: true });
  await ensureInstalled();
  await ensureBuilt();
  const database = path.join(folder, 'observatory.sqlite');
  const args = [path.join(programs, 'models-import.mjs'), database, file];
  const { code } = await run(process.execPath, model === undefined ? args : [...args, model]);
  process.exitCode = code;
});

function options() {
  try {
    const { values, positionals } = parseArgs({
      options: { model: { type: 'string' } },
      allowPositionals: true,
    });
    const [file, ...rest] = positionals;
    if (!file || rest.length > 0) throw new Refusal(USAGE);
    return { file: asTyped(file), model: values.model };
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal(USAGE);
  }
}
