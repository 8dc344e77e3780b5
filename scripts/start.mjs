// `npm start`: checks, installs, builds, serves. See serve.mjs; this file only makes sure Node can read it.
import './require-node.mjs';

import('./serve.mjs').then((serve) => serve.main());
