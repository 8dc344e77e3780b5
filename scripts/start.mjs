// `npm start`: checks, installs, builds, serves. See serve.mjs; this file only makes sure Node can read it.
import './require-node.mjs';

import('./lean-node.mjs').then(({ inLeanNode }) =>
  inLeanNode(async () => {
    const { main } = await import('./serve.mjs');
    const { ensureBuilt, ensureInstalled } = await import('./prepare.mjs');
    await main(async () => {
      await ensureInstalled();
      await ensureBuilt();
    });
  }),
);
