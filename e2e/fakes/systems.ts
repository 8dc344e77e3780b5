import { existsSync } from 'node:fs';

/** Windows has no shell scripts, FIFOs or file modes, and symbolic links need a privilege there. */
export const onWindows = process.platform === 'win32';

/** Linux alone says whose connection it is. */
export const hasProc = existsSync('/proc/net/tcp');
