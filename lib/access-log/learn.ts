import { type Chunk, firstLines } from './chunks';
import type { LineParser } from './parse';

/** The number of lines of a chunk that a parser learns from before it is given them. */
const LEARNT = 200;

/** Has a parser learn the layout of a file from the first lines of a chunk of it. */
export function learnFrom(chunk: Chunk, parser: LineParser): void {
  const lines = firstLines(chunk, LEARNT, (beginning) => parser.mayTeach(beginning));
  for (const line of lines) parser.learn(line);
}
