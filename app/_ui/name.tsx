import { t } from '@/lib/i18n/t';
import styles from './name.module.css';

/**
 * Text from outside (machine names, paths and agents may hold anything): on one line, isolated from the direction of
 * its surroundings, in full on hover.
 */
export function Name({ text, title }: { text: string; title?: string }) {
  const name = text.trim() === '' ? t('ui.noName') : text;
  return (
    <bdi className={styles.name} dir={directionOf(name)} title={title ?? name}>
      {name.length > 300 ? `${name.slice(0, 300)}…` : name}
    </bdi>
  );
}

/** Returns the direction of a text from outside. A path begins with its slash whatever script follows. */
export function directionOf(text: string): 'ltr' | 'auto' {
  return text.startsWith('/') ? 'ltr' : 'auto';
}
