import type { Metadata } from 'next';
import { openApi } from '@/lib/api/openapi';
import { Snippet } from '../_ui/snippet';
import styles from './api-docs.module.css';
import { exampleOf } from './example';
import { OpenLinked } from './open-linked';
import { describeSchema, type JsonSchema } from './schema-rows';
import { TryIt } from './try-it';

export const metadata: Metadata = { title: 'API' };

type Operation = {
  summary: string;
  parameters?: { name: string; in: 'path' | 'query'; schema: JsonSchema }[];
  requestBody?: { content: Record<string, { schema?: JsonSchema }> };
  responses: Record<
    string,
    { description: string; content?: Record<string, { schema?: JsonSchema }> }
  >;
};

type Description = {
  info: { description: string };
  /** By path, then by method. */
  paths: Record<string, Record<string, Operation>>;
};

/** `/openapi.json`, readable. */
export default function ApiDocsPage() {
  const api: Description = openApi();
  const calls = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const subjectOf = (path: string) => {
    const [, first = '', second] = path.split('/');
    return second !== undefined || first === 'models' ? first : 'others';
  };
  const subjects = [...new Set(calls.map(({ path }) => subjectOf(path)))];
  return (
    <main id="main" className={styles.page}>
      <h1>API</h1>
      <p>
        {api.info.description} Machine-readable: <a href="/openapi.json">/openapi.json</a>.
      </p>
      <Tokens />
      <OpenLinked />
      {subjects.map((subject) => (
        <section key={subject} aria-label={subject} className={styles.subject}>
          <h2>{subject.replace('-', ' ')}</h2>
          {calls
            .filter(({ path }) => subjectOf(path) === subject)
            .map((call) => (
              <Call key={`${call.method} ${call.path}`} {...call} />
            ))}
        </section>
      ))}
    </main>
  );
}

function Tokens() {
  return (
    <section aria-label="Tokens" className={styles.subject}>
      <h2>From a program</h2>
      <p>
        A browser on this page asks as you. A program sends a token: make one on the server (its
        scope is <code>read</code>, <code>ingest</code> or <code>admin</code>), it is printed once.
      </p>
      <Snippet text="npm run token -- --scope read --name my-script" label="Making a token" />
      <p>
        The examples below take it from <code>$TOKEN</code>, and the address of this server from{' '}
        <code>$OBSERVATORY</code>.
      </p>
    </section>
  );
}

function Call({ method, path, operation }: { method: string; path: string; operation: Operation }) {
  const { summary, parameters = [], requestBody, responses } = operation;
  const body = Object.values(requestBody?.content ?? {})[0]?.schema;
  const done = responses['201'] ?? responses['200'];
  const [answerType, answer] = Object.entries(done?.content ?? {})[0] ?? [];
  return (
    <details id={path} className={styles.call}>
      <summary>
        <code>
          {method.toUpperCase()} {path}
        </code>
        <span>
          <Marked text={summary} />
        </span>
      </summary>
      {method === 'get' && (
        <TryIt
          path={path}
          parameters={parameters.map(({ name, in: where, schema }) => ({
            name,
            in: where,
            example: String(exampleOf(schema, name)),
          }))}
        />
      )}
      {parameters.length > 0 && (
        <Rows
          title="Parameters"
          rows={parameters.map(({ name, schema }) => ({
            name,
            type: describeSchema(schema)[0]?.type ?? '',
            note: schema.description ?? '',
          }))}
        />
      )}
      {body && <Rows title="Body (JSON)" rows={describeSchema(body)} />}
      {answer?.schema && answerType === 'application/json' && (
        <>
          <h3>Example of a response</h3>
          <Snippet
            text={JSON.stringify(exampleOf(answer.schema), null, 2)}
            label={`Example of a response of ${path}`}
          />
          <Rows title="Response" rows={describeSchema(answer.schema)} />
        </>
      )}
      <h3>Statuses</h3>
      <ul className={styles.statuses}>
        {Object.entries(responses).map(([status, { description }]) => (
          <li key={status}>
            <code>{status}</code>
            <span>
              <Marked text={description} />
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Rows({
  title,
  rows,
}: {
  title: string;
  rows: readonly { name: string; type: string; note: string }[];
}) {
  return (
    <>
      <h3>{title}</h3>
      <dl className={styles.rows}>
        {rows.map(({ name, type, note }) => (
          <div key={name}>
            <dt>
              <code>{name}</code>
            </dt>
            <dd>{type}</dd>
            <dd>
              <Marked text={note} />
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/** Text in which backticks mark code. */
function Marked({ text }: { text: string }) {
  return text
    .split('`')
    .map((part, index) => (index % 2 === 1 ? <code key={part}>{part}</code> : part));
}
