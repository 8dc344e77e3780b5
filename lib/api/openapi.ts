import * as z from 'zod';
import { version } from '../util/version';
import { type Action, idParameter, nothing } from './act';
import { actions } from './actions';
import { exports } from './export';
import { logExports } from './logs-export';
import { modelExports } from './models-export';
import { routes } from './routes';
import { problemSchema } from './schemas';

function parametersOf(schema: z.ZodType | undefined, where: 'path' | 'query') {
  if (!schema) return [];
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input' });
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: where,
    required: where === 'path',
    schema: property,
  }));
}

function operationOf(action: Described) {
  const { path, summary, needs, body, response, statuses } = action;
  const answers = response !== nothing;
  const content = answers && { 'application/json': { schema: z.toJSONSchema(response) } };
  const done = { description: 'It is done', ...(content && { content }) };
  return {
    summary: needs === 'ingest' ? summary : `${summary}; for admins`,
    ...(needs === 'ingest' && { security: [{ token: [] }] }),
    parameters: path.includes('{id}') ? parametersOf(idParameter, 'path') : [],
    ...(body && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: z.toJSONSchema(body, { io: 'input' }) } },
      },
    }),
    responses: {
      400: problem('Something in it is wrong; `errors` names each'),
      403:
        needs === 'ingest'
          ? problem('Not with such a token')
          : problem('Only an admin may, and only from the dashboard itself or with a token'),
      404: problem('There is no such one'),
      503: problem('On a replica: the collector that does it cannot be reached'),
      [answers ? 200 : 204]: done,
      ...Object.fromEntries(
        Object.entries(statuses ?? {}).map(([status, description]) => [
          status,
          Number(status) < 300 ? { ...done, description } : problem(description),
        ]),
      ),
    },
  };
}
type Described = Pick<Action, 'path' | 'summary' | 'needs' | 'body' | 'response' | 'statuses'>;

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: z.toJSONSchema(problemSchema) } },
});

/** Returns every question and action by its path, and there by its method. */
function actionPaths(questions: Record<string, { get: unknown }>) {
  const paths: Record<string, Record<string, unknown>> = { ...questions };
  for (const action of Object.values(actions)) {
    paths[action.path] = {
      ...paths[action.path],
      [action.method.toLowerCase()]: operationOf(action),
    };
  }
  return paths;
}

/** Returns the API as OpenAPI 3.1, built from the schemas that validate it. */
export function openApi() {
  const paths = Object.entries(routes).map(([path, route]) => {
    const ok = {
      description: 'The answer',
      content: { 'application/json': { schema: z.toJSONSchema(route.response) } },
    };
    const get = {
      summary: route.needs === 'admin' ? `${route.summary}; for admins` : route.summary,
      parameters: [...parametersOf(route.path, 'path'), ...parametersOf(route.query, 'query')],
      responses: {
        200: ok,
        400: problem('A parameter is wrong; `errors` names each'),
        503:
          'status' in route
            ? { ...ok, description: 'Something needs attention' }
            : problem('A source does not answer'),
      },
    };
    return [path, { get }];
  });
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tailnet Observatory',
      version,
      description: 'Times are ISO 8601 UTC, latencies milliseconds, sizes bytes.',
    },
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    paths: {
      ...actionPaths(Object.fromEntries(paths)),
      ...Object.fromEntries(
        Object.entries({ ...exports, ...modelExports, ...logExports }).map(
          ([path, { summary, query, type }]) => [
            path,
            {
              get: {
                summary,
                parameters: parametersOf(query, 'query'),
                responses: {
                  200: { description: 'A file', content: { [type]: {} } },
                  400: problem('A parameter is wrong; `errors` names each'),
                },
              },
            },
          ],
        ),
      ),
      '/metrics': {
        get: {
          summary:
            'Devices, accesses and the service itself in numbers, for Prometheus (docs/METRICS.md)',
          responses: { 200: { description: 'Metrics', content: { 'text/plain': {} } } },
        },
      },
    },
  };
}
