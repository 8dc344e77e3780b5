// Serves what has been built already: what the image and the systemd unit start. See serve.mjs.
import './require-node.mjs';

import('./serve.mjs').then((serve) => serve.main(async () => {}));
