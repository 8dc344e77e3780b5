'use client';

import { useState } from 'react';
import { queryOf } from '@/lib/calls/call';
import { t } from '@/lib/i18n/t';
import { SECOND } from '@/lib/util/time';
import { fetchOwn } from '../_ui/own-server';
import { rich } from '../_ui/rich';
import { Snippet } from '../_ui/snippet';
import styles from './api-docs.module.css';

const TIMEOUT_MS = 20 * SECOND;
/** An answer can be megabytes; so much of it is shown. */
const MOST_SHOWN = 20_000;

type Parameter = { name: string; in: 'path' | 'query'; example: string };

/** A GET call as curl, with its parameters to fill in, and its answer when it is sent from here. */
export function TryIt({ path, parameters }: { path: string; parameters: readonly Parameter[] }) {
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const [answer, setAnswer] = useState<{ status: string; text: string } | null>(null);
  const [busy, setBusy] = useState(false);
  const address = addressOf(path, parameters, values);
  const send = async () => {
    setBusy(true);
    setAnswer(await answerOf(address));
    setBusy(false);
  };
  return (
    <>
      <h3>{t('apiDocs.request')}</h3>
      <Snippet text={curlOf(address)} label={t('apiDocs.curlFor', { path })} />
      <form
        className={styles.tryIt}
        data-needs-js
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void send();
        }}
      >
        {parameters.map(({ name }) => (
          <label key={name}>
            <code>{name}</code>
            <input
              className="control"
              name={name}
              value={values[name] ?? ''}
              autoComplete="off"
              onChange={(event) => setValues({ ...values, [name]: event.target.value })}
            />
          </label>
        ))}
        <button type="submit" className="control" aria-disabled={busy}>
          {rich(busy ? 'apiDocs.sending' : 'apiDocs.tryIt', {
            path,
            hidden: (text) => <span className="hidden">{text}</span>,
          })}
        </button>
      </form>
      <div role="status">
        {answer && (
          <>
            <p>{answer.status}</p>
            <Snippet text={answer.text} label={t('apiDocs.answerOf', { path })} />
          </>
        )}
      </div>
    </>
  );
}

function addressOf(
  path: string,
  parameters: readonly Parameter[],
  values: Readonly<Record<string, string>>,
): string {
  let filled = path;
  const query: Record<string, string> = {};
  for (const { name, in: where, example } of parameters) {
    const value = values[name] ?? '';
    if (where === 'path') {
      filled = filled.replace(`{${name}}`, encodeURIComponent(value || example));
    } else if (value !== '') query[name] = value;
  }
  const text = queryOf(query);
  return text === '' ? filled : `${filled}?${text}`;
}

/** For a shell: the token and the address of this server are put in where it runs. */
const curlOf = (address: string) =>
  `curl -H "Authorization: Bearer $TOKEN" "$OBSERVATORY${address.replace(/[$"\\`]/g, '\\$&')}"`;

async function answerOf(address: string): Promise<{ status: string; text: string }> {
  try {
    const response = await fetchOwn(address, TIMEOUT_MS);
    const body = await response.text();
    const isJson = response.headers.get('Content-Type')?.includes('json');
    const text = isJson ? JSON.stringify(JSON.parse(body), null, 2) : body;
    const rest = text.length > MOST_SHOWN ? `\n${t('apiDocs.rest')}` : '';
    return {
      status: t('apiDocs.status', { status: String(response.status) }),
      text: text.slice(0, MOST_SHOWN) + rest,
    };
  } catch (error) {
    return { status: error instanceof Error ? error.message : t('apiDocs.failed'), text: '' };
  }
}
