import type { Severity } from '@/lib/domain/alert';

/** The shape of each severity, so that colour is not the only cue. */
export const SEVERITY_SHAPES: Record<Severity, string> = {
  critical: 'M1 1h10v10h-10Z',
  warning: 'M6 .8l5.8 10.4h-11.6Z',
  info: 'M6 1a5 5 0 1 1 0 10a5 5 0 1 1 0-10Z',
};

/** A small mark beside a word that says the same; `shape` is an SVG path in a square of 12. */
export function Glyph({ shape }: { shape: string }) {
  return (
    <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
      <path d={shape} />
    </svg>
  );
}
