import type { Path } from '@/lib/domain/device';
import styles from './path-strip.module.css';

/** The height of each state: the worse, the taller, so that colour is not the only cue and a healthy day is quiet. */
const HEIGHTS: Record<Path, number> = {
  idle: 2,
  direct: 10,
  peer_relay: 13,
  relay: 16,
  offline: 20,
};

/** Stretches of path side by side: `start` and `width` from 0 to 1. Height and colour show the state. */
export function PathStrip({
  pieces,
  label,
}: {
  pieces: readonly { path: Path | null; start: number; width: number }[];
  /** The same in words. */
  label: string;
}) {
  const drawn: Partial<Record<Path, string>> = {};
  for (const { path, start, width } of pieces) {
    if (!path) continue;
    const x = round(start);
    const w = Math.max(2, round(width));
    const height = HEIGHTS[path];
    const shape = `M${x} 20h${w}v${-height}h${-w}z`;
    drawn[path] = (drawn[path] ?? '') + shape;
  }
  return (
    <svg
      className={styles.strip}
      viewBox="0 0 1000 20"
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {Object.entries(drawn).map(([path, d]) => (
        <path key={path} d={d} data-path={path} />
      ))}
    </svg>
  );
}

const round = (share: number) => Math.round(share * 10_000) / 10;
