import styles from './name.module.css';

/** Text from outside (host names, paths, agents may hold anything): kept to one line, its writing direction kept to itself, in full on hover. */
export function Name({ text, title }: { text: string; title?: string }) {
  const shown = text.trim() === '' ? '(no name)' : text;
  return (
    <bdi className={styles.name} title={title ?? shown}>
      {shown.length > 300 ? `${shown.slice(0, 300)}…` : shown}
    </bdi>
  );
}
