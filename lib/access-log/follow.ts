/** Follows log files: finds them, and reads them in whole lines. `file-identity.ts` identifies them. */

export { eachLine, readChunks, TOO_LONG } from './chunks';
export { discover, discoverNamed, FingerprintCache } from './discover';
export { type FoundFile, LogReadError } from './found-file';
