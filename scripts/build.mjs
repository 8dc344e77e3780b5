// `npm run build`: builds whether or not it is needed. `npm start` builds by itself when it is.
import './require-node.mjs';
import { buildNow } from './prepare.mjs';
import { command } from './refusal.mjs';

command(buildNow);
