import type { Metadata } from 'next';
import { openApi } from '@/lib/api/openapi';
import { LANGUAGES } from '@/lib/i18n/languages';
import { currentLanguage, t } from '@/lib/i18n/t';
import { Messages } from '../_ui/messages';
import { rich } from '../_ui/rich';
import { Snippet } from '../_ui/snippet';
import styles from './api-docs.module.css';
import { exampleOf } from './example';
import { OpenLinked } from './open-linked';
import { describeSchema, type JsonSchema } from './schema-rows';
import { TryIt } from './try-it';

export const generateMetadata = (): Metadata => ({ title: t('apiDocs.title') });

type Operation = {
  summary: string;
  parameters?: { name: string; in: 'path' | 'query'; schema: JsonSchema }[];
  requestBody?: { content: Record<string, { schema?: JsonSchema }> };
  responses: Record<
    string,
    { description: string; content?: Record<string, { schema?: JsonSchema }> }
  >;
};

/** By path, then by method. */
type Paths = Record<string, Record<string, Operation>>;

/** `/openapi.json`, readable. */
export default function ApiDocsPage() {
  return (
    <Messages of={['apiDocs']}>
      <main id="main" className={styles.page}>
        <h1>{t('apiDocs.title')}</h1>
        <p>
          {rich('apiDocs.intro', { link: () => <a href="/openapi.json">/openapi.json</a> })}{' '}
          {currentLanguage() !== LANGUAGES[0] && t('apiDocs.inEnglish')}
        </p>
        <Tokens />
        <OpenLinked />
        <Calls paths={openApi().paths} />
      </main>
    </Messages>
  );
}

function Calls({ paths }: { paths: Paths }) {
  const calls = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const firstOf = (path: string) => path.split('/')[1] ?? '';
  const folders = new Set(
    calls.filter(({ path }) => path.split('/').length > 2).map(({ path }) => firstOf(path)),
  );
  const subjectOf = (path: string) => (folders.has(firstOf(path)) ? firstOf(path) : 'others');
  const subjects = [...folders, 'others'];
  return subjects.map((subject) => (
    <section key={subject} aria-label={subject} className={styles.calls}>
      <h2 lang="en">{subject.replace('-', ' ')}</h2>
      {calls
        .filter(({ path }) => subjectOf(path) === subject)
        .map((call) => (
          <Call key={`${call.method} ${call.path}`} {...call} />
        ))}
    </section>
  ));
}

function Tokens() {
  return (
    <section aria-label={t('apiDocs.tokens')} className={styles.subject}>
      <h2>{t('apiDocs.fromProgram')}</h2>
      <p>
        {rich('apiDocs.asYou', {
          read: () => <code>read</code>,
          ingest: () => <code>ingest</code>,
          admin: () => <code>admin</code>,
        })}
      </p>
      <Snippet text="npm run token -- --scope read --name my-script" label={t('apiDocs.making')} />
      <p>{t('apiDocs.inDocker')}</p>
      <Snippet
        text="docker compose exec observatory /nodejs/bin/node scripts/token.mjs --scope read --name my-script"
        label={t('apiDocs.makingInDocker')}
      />
      <p>
        {rich('apiDocs.variables', {
          token: () => <code>$TOKEN</code>,
          server: () => <code>$OBSERVATORY</code>,
        })}
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
        <span lang="en">
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
          title={t('apiDocs.parameters')}
          rows={parameters.map(({ name, schema }) => ({
            name,
            type: describeSchema(schema)[0]?.type ?? '',
            note: schema.description ?? '',
          }))}
        />
      )}
      {body && <Rows title={t('apiDocs.body')} rows={describeSchema(body)} />}
      {answer?.schema && answerType === 'application/json' && (
        <>
          <h3>{t('apiDocs.example')}</h3>
          <Snippet
            text={JSON.stringify(exampleOf(answer.schema), null, 2)}
            label={t('apiDocs.exampleOf', { path })}
          />
          <Rows title={t('apiDocs.response')} rows={describeSchema(answer.schema)} />
        </>
      )}
      <h3>{t('apiDocs.statuses')}</h3>
      <ul className={styles.statuses} lang="en">
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
      <dl className={styles.rows} lang="en">
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
