import type { LatencyLine } from './latency-shapes';
import type { Usual } from './usual-latency';

/** The style of each line: the first is the device's own. Dashes tell them apart, not colour alone. */
const LINE_STYLES = [
  { color: '--bar', dashes: [] },
  { color: '--text', dashes: [6, 3] },
  { color: '--text-2', dashes: [2, 3] },
  { color: '--text-2', dashes: [9, 3, 2, 3] },
] as const;

/** Returns the style of a chart's line by its position. */
export const lineStyle = (index: number) => LINE_STYLES[index] ?? LINE_STYLES[0];

/** The data of a latency chart, drawn either as SVG or on a canvas. */
export type LatencyPlot = {
  /** The device's own line first, then those it is compared with. */
  lines: readonly LatencyLine[];
  /** The usual range at each step of the first line; empty while it is not known. */
  usual: readonly (Usual | null)[];
  /** Epoch milliseconds. */
  axis: { from: number; to: number; stepMs: number };
  /** The latency at the top of the y axis. */
  top: number;
};
