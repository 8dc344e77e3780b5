// `npm start`: checks, installs, builds, serves. See serve.mjs; this file only makes sure Node can read it.
import './require-node.mjs';

Promise.all([import('./serve.mjs'), import('./prepare.mjs')]).then(
  ([serve, { ensureInstalled, ensureBuilt }]) =>
    serve.main(async () => {
      await ensureInstalled();
      await ensureBuilt();
    }),
);
