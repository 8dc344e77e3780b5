import { PATHS, type Path } from '../../lib/domain/device';
import { Glyph } from './glyph';
import { pathMeaning, pathWord } from './meanings';
import styles from './path-state.module.css';
import { Meanings } from './tooltip';

const SHAPES: Record<Path, string> = {
  direct: 'M6 2a4 4 0 1 1 0 8a4 4 0 1 1 0-8Z',
  peer_relay: 'M6 1l5 5l-5 5l-5-5Z',
  relay: 'M6 1.2l5.4 9.4h-10.8Z',
  idle: 'M6 2a4 4 0 1 1 0 8a4 4 0 1 1 0-8Z',
  offline: 'M2.5 2.5l7 7M9.5 2.5l-7 7',
};

/** One of the five path states: its shape, colour and name, the same everywhere. */
export function PathState({ path }: { path: Path }) {
  return (
    <span className={styles.state} data-path={path} title={pathMeaning(path)}>
      <Glyph shape={SHAPES[path]} />
      {pathWord(path)}
    </span>
  );
}

/** What each of the five path states means, for a tooltip. */
export function PathMeanings() {
  return <Meanings words={PATHS.map((path) => [pathWord(path), pathMeaning(path)])} />;
}
