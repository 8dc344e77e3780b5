import { Fragment, type ReactNode } from 'react';
import type { MessageKey } from '@/lib/i18n/messages';
import { partsOf, type RichValue } from '@/lib/i18n/t';

/**
 * Returns a text with elements in it: each tag of the message (`see <link>the log</link>`, or an empty `<name></name>`)
 * becomes what the function of that name makes of what is inside.
 */
export function rich(
  key: MessageKey,
  values: Record<string, string | number | ((inside: ReactNode) => ReactNode)>,
): ReactNode {
  const given = Object.entries(values).map(([name, value]): [string, RichValue<ReactNode>] => [
    name,
    typeof value === 'function' ? (inside) => value(keyed(inside)) : value,
  ]);
  return keyed(partsOf<ReactNode>(key, Object.fromEntries(given)) ?? [key]);
}

function keyed(parts: readonly ReactNode[]): ReactNode {
  // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence stay where they are.
  return parts.map((part, index) => <Fragment key={index}>{part}</Fragment>);
}
