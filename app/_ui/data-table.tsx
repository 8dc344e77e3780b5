'use client';

import { type ReactNode, useState } from 'react';
import styles from './data-table.module.css';
import { useStableOrder } from './stable-order';

const FEW = 8;

/** A column of numbers. `unit` stands behind the number where there is no room for a heading (on a phone). */
export type NumberColumn<T> = {
  head: string;
  unit: string;
  text: (row: T) => string;
  /** It holds two numbers. */
  wide?: boolean;
  /** The number is an exception worth a colour. */
  alarming?: (row: T) => boolean;
};

/** A list of things with numbers, biggest first: a real table, 36 px rows, two lines a row on a phone. Shows eight, then all. Rows keep their place while they are pointed at. */
export function DataTable<T>({
  caption,
  head,
  rows,
  keyOf,
  name,
  weight,
  columns,
}: {
  caption: string;
  head: string;
  rows: readonly T[];
  keyOf: (row: T) => string;
  name: (row: T) => ReactNode;
  /** What the bar beside the name shows. */
  weight: (row: T) => number;
  columns: readonly NumberColumn<T>[];
}) {
  const [all, setAll] = useState(false);
  const { ordered, props } = useStableOrder(rows, keyOf);
  const heaviest = Math.max(1, ...rows.map(weight));
  return (
    <div {...props}>
      <table
        className={`grid-table ${styles.table}`}
        style={{ '--columns': columns.map(({ wide }) => (wide ? '112px' : '64px')).join(' ') }}
        data-all={all}
      >
        <caption className="hidden">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{head}</th>
            <td className={styles.bar} />
            {columns.map((column) => (
              <th key={column.head} scope="col">
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {ordered.map((row) => (
            <tr key={keyOf(row)}>
              <th scope="row">{name(row)}</th>
              <td className={styles.bar}>
                <i style={{ width: `${(weight(row) / heaviest) * 100}%` }} />
              </td>
              {columns.map((column) => (
                <td
                  key={column.head}
                  data-alarming={column.alarming?.(row) || undefined}
                  data-zero={column.text(row) === '0' || undefined}
                >
                  {column.text(row)}
                  <span className={styles.unit}> {column.unit}</span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > FEW && (
        <button type="button" className="show-all" data-needs-js onClick={() => setAll(!all)}>
          {all ? `Show the first ${FEW}` : `Show all ${rows.length}`}
          <span className="hidden">: {caption}</span>
        </button>
      )}
    </div>
  );
}
