import styles from './details-link.module.css';
import { NodeLink } from './node-link';

/** A small link to a device's own page, beside the name that filters. `id` is its id or machine name. */
export function DetailsLink({ id, name }: { id: string; name: string }) {
  return (
    <NodeLink id={id} className={styles.details} title={`Details of ${name}`}>
      <span aria-hidden="true">→</span>
      <span className="hidden">Details of {name}</span>
    </NodeLink>
  );
}
