import type { Metadata } from 'next';
import { openApi } from '@/lib/api/openapi';
import styles from './api-docs.module.css';
import { describeSchema, type JsonSchema } from './schema-rows';

export const metadata: Metadata = { title: 'API' };

type Operation = {
  summary: string;
  parameters?: { name: string; schema: JsonSchema }[];
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
  const operations = Object.entries(api.paths);
  return (
    <main id="main" className={styles.page}>
      <h1>API</h1>
      <p>
        {api.info.description} Machine-readable: <a href="/openapi.json">/openapi.json</a>.
      </p>
      <nav aria-label="Calls">
        <ul className={styles.index}>
          {operations.map(([path]) => (
            <li key={path}>
              <a href={`#${path}`}>{path}</a>
            </li>
          ))}
        </ul>
      </nav>
      {operations.map(([path, calls]) =>
        Object.entries(calls).map(([method, operation]) => (
          <Call
            key={`${method} ${path}`}
            method={method.toUpperCase()}
            path={path}
            operation={operation}
          />
        )),
      )}
    </main>
  );
}

function Call({ method, path, operation }: { method: string; path: string; operation: Operation }) {
  const { summary, parameters = [], requestBody, responses } = operation;
  const body = Object.values(requestBody?.content ?? {})[0]?.schema;
  const done = responses['201'] ?? responses['200'];
  const answer = Object.values(done?.content ?? {})[0]?.schema;
  return (
    <section id={path} className={styles.call}>
      <h2>
        <code>
          {method} {path}
        </code>
      </h2>
      <p>{summary}.</p>
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
      {answer && <Rows title="Response" rows={describeSchema(answer)} />}
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
    </section>
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
