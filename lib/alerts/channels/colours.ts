import type { Level } from '../message-content';

/** The colour beside a message, as RGB. */
export const COLOURS: Record<Level, number> = {
  critical: 0xd32f2f,
  warning: 0xf9a825,
  info: 0x1976d2,
  ok: 0x2e7d32,
};
