// What `main.ts` loads, as one: of several, each would bring along what they share.
export { routes } from '../api/routes';
export { readConfig } from '../config/config';
export { serveCall } from './serve-calls';
export { start } from './start';
