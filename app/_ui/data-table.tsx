'use client';

import { type ReactNode, useState } from 'react';
import { formatCount } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import styles from './data-table.module.css';
import { useStableOrder } from './stable-order';
import { Term } from './tooltip';

const FEW = 8;

/** A column of numbers. `unit` follows the number where there is no room for a heading (on a phone). */
export type NumberColumn<T> = {
  heading: string;
  unit: (row: T) => string;
  text: (row: T) => string;
  /** What is shown instead of the text. */
  show?: (row: T) => ReactNode;
  /** Left out where there is little room. */
  secondary?: boolean;
  /** Explains the heading. */
  meaning?: string;
  /** The number is an exception worth a colour. */
  alarming?: (row: T) => boolean;
};

/**
 * A table of names and numbers, largest first, with two lines per row where it is narrow. Shows eight rows, then all.
 * Rows do not move while the pointer is over them.
 */
export function DataTable<T>({
  caption,
  heading,
  rows,
  keyOf,
  name,
  weight,
  bar,
  columns,
}: {
  caption: string;
  heading: string;
  rows: readonly T[];
  keyOf: (row: T) => string;
  name: (row: T) => ReactNode;
  /** What the bar beside the name shows. */
  weight: (row: T) => number;
  /** What is drawn in its place. */
  bar?: (row: T) => ReactNode;
  columns: readonly NumberColumn<T>[];
}) {
  const [all, setAll] = useState(false);
  const { ordered, props } = useStableOrder(rows, keyOf);
  const primary = columns.filter(({ secondary }) => !secondary).length;
  const heaviest = Math.max(1, ...rows.map(weight));
  return (
    <div className={styles.container} {...props}>
      <table
        className={`grid-table ${styles.table}`}
        style={{ '--numbers': columns.length, '--primary': primary }}
        data-all={all}
        data-trend={bar !== undefined}
        data-few={primary < 5}
      >
        <caption className="hidden">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{heading}</th>
            <td className={styles.bar} />
            {columns.map((column) => (
              <th key={column.heading} scope="col" data-secondary={column.secondary || undefined}>
                {column.meaning ? (
                  <Term meaning={column.meaning}>{column.heading}</Term>
                ) : (
                  column.heading
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {ordered.map((row) => (
            <tr key={keyOf(row)}>
              <th scope="row">{name(row)}</th>
              <td className={styles.bar}>
                {bar?.(row) ?? <i style={{ width: `${(weight(row) / heaviest) * 100}%` }} />}
              </td>
              {columns.map((column) => {
                const text = column.text(row);
                return (
                  <td
                    key={column.heading}
                    data-secondary={column.secondary || undefined}
                    data-alarming={column.alarming?.(row) || undefined}
                    data-zero={/^0(\s%)?$/.test(text) || undefined}
                  >
                    {column.show?.(row) ?? text}
                    <span className={styles.unit}> {column.unit(row)}</span>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > FEW && (
        <button type="button" className="show-all" data-needs-js onClick={() => setAll(!all)}>
          {all ? t('ui.showFewer') : t('ui.showAll', { count: formatCount(rows.length) })}
          <span className="hidden">: {caption}</span>
        </button>
      )}
    </div>
  );
}
