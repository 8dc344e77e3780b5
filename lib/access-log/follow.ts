/** Following log files: what lies there, and reading it in whole lines. Which file is which: `file-identity.ts`. */

export type { FileProblem } from '../domain/ingest-state';
export { type Chunk, eachLine, type ReadOptions, readChunks, TOO_LONG } from './chunks';
export { type Discovery, discover, HeadCache } from './discover';
export { type FoundFile, LogReadError } from './found-file';
