import { dirname } from 'node:path';
import type { FileProblem } from '../domain/ingest-state';
import { type Said, say } from '../domain/said';
import { LogReadError } from './found-file';
import { currentUser, quoted } from './shell';

function codeOf(error: unknown): string {
  if (error instanceof LogReadError) return error.reason;
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : 'FAILED';
}

/** Returns commands that let `user` read a log now and after its next rotation; they are for people to run. */
export function readRemedy(path: string, user: string): string[] {
  const folder = quoted(dirname(path));
  return [
    `sudo setfacl -m u:${quoted(user)}:rx,d:u:${quoted(user)}:r ${folder}`,
    `sudo setfacl -m u:${quoted(user)}:r ${quoted(path)}`,
  ];
}

/** Explains an error about a file or folder to the person who can fix it. */
export function problemOf(path: string, log: string, error: unknown): FileProblem {
  const code = codeOf(error);
  const reason = error instanceof Error ? error.message : String(error);
  const said = error instanceof LogReadError ? error.said : saying(path, code, reason);
  return problemSaying(path, log, code, said);
}

/** Returns a problem with this message. */
export const problemSaying = (
  path: string,
  log: string,
  code: string,
  said: Said,
): FileProblem => ({
  ...{ path, log, code, message: said.text, said },
});

function saying(path: string, code: string, reason: string): Said {
  switch (code) {
    case 'ENOENT':
      return say('doctor.fileMissing', { path });
    case 'EACCES':
    case 'EPERM': {
      const user = currentUser();
      return say('doctor.fileForbidden', {
        ...{ path, user, commands: readRemedy(path, user).join(' && ') },
      });
    }
    case 'ELOOP':
      return say('doctor.fileLoops', { path });
    case 'ENOTDIR':
      return say('doctor.fileInFile', { path });
    case 'EMFILE':
    case 'ENFILE':
      return say('doctor.fileTooMany', { path });
    default:
      return say('doctor.fileFails', { path, reason });
  }
}
