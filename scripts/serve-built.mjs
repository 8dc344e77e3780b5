// Serves an existing build: started by the image and the systemd unit. See serve.mjs.
import './require-node.mjs';

import('./serve.mjs').then((serve) => serve.main(async () => {}));
