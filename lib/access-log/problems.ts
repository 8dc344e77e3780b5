import { dirname } from 'node:path';
import type { FileProblem } from '../domain/ingest-state';
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

/** Explains a system error about a file or folder to the person who can fix it. */
export function problemOf(path: string, log: string, error: unknown): FileProblem {
  const code = codeOf(error);
  const detail = error instanceof Error ? error.message : String(error);
  return { path, log, code, message: wording(path, code, detail) };
}

function wording(path: string, code: string, detail: string): string {
  switch (code) {
    case 'ENOENT':
      return `${path} does not exist yet; it is read as soon as it appears`;
    case 'EACCES':
    case 'EPERM':
      return `The user ${currentUser()} may not read ${path}; it will be read once permitted: ${readRemedy(path, currentUser()).join(' && ')}`;
    case 'ELOOP':
      return `${path} is a symbolic link that leads back to itself`;
    case 'ENOTDIR':
      return `a folder on the way to ${path} is a file`;
    case 'EMFILE':
    case 'ENFILE':
      return `${path} cannot be opened: too many files are open`;
    default:
      return `${path} cannot be read: ${detail}`;
  }
}
