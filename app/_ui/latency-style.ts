import type { LatencyLine } from './latency-shapes';
import type { Usual } from './usual-latency';

/** How each line is drawn: the first is the node's own. Told apart by their dashes, not by colour alone. */
const LINE_STYLES = [
  { color: '--bar', dashes: [] },
  { color: '--text', dashes: [6, 3] },
  { color: '--text-2', dashes: [2, 3] },
  { color: '--text-2', dashes: [9, 3, 2, 3] },
] as const;

/** The style of a chart's line by its position. */
export const lineStyle = (index: number) => LINE_STYLES[index] ?? LINE_STYLES[0];

/** What both drawings of a latency chart, the SVG and the canvas, are made from. */
export type LatencyPlot = {
  /** The node's own line first; those it is compared with after it. */
  lines: readonly LatencyLine[];
  /** What was usual at each step of the first line; empty while that is not known. */
  usual: readonly (Usual | null)[];
  /** Epoch milliseconds. */
  axis: { from: number; to: number; stepMs: number };
  /** The latency at the top of the y axis. */
  top: number;
};
