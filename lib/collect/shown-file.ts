import type { FoundFile } from '../access-log/follow';
import type { FileProblem, IngestState } from '../domain/ingest-state';

/** A file of a log in the state that pages show. */
export type ShownFile = IngestState['files'][number];

/** Returns the state of a file of which `readBytes` are read. */
export function shown(
  { path, log, size }: Pick<FoundFile, 'path' | 'log' | 'size'>,
  readBytes: number,
): ShownFile {
  return { path, log, format: null, sizeBytes: size, readBytes, error: null };
}

/** Notes in a file's state why it could not be read, and returns it. */
export function failed(file: ShownFile, { message, said }: FileProblem): ShownFile {
  return Object.assign(file, { error: message, errorSaid: said });
}
