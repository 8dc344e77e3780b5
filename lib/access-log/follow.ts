/** Following log files: what lies there, and reading it in whole lines. Which file is which: `file-identity.ts`. */

export { eachLine, readChunks, TOO_LONG } from './chunks';
export { discover, HeadCache } from './discover';
export { type FoundFile, LogReadError } from './found-file';
