import styles from './details-link.module.css';

/** A quiet way to a node's own page, beside the name that filters. `id` is its id or host name. */
export function DetailsLink({ id, name }: { id: string; name: string }) {
  return (
    <a
      className={styles.details}
      href={`/vpn/devices/${encodeURIComponent(id)}`}
      title={`Details of ${name}`}
    >
      <span aria-hidden="true">→</span>
      <span className="hidden">Details of {name}</span>
    </a>
  );
}
