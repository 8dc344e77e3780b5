import { z } from 'zod';
import { version } from '../util/version';
import { type Action, idParameter } from './act';
import { actions } from './actions';
import { recordedSchema, reportBody } from './model-schemas';
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

function operationOf({
  path,
  summary,
  body,
  response,
}: Pick<Action, 'path' | 'summary' | 'response'> & { body?: z.ZodType }) {
  return {
    summary: `${summary}; for admins`,
    parameters: path.includes('{id}') ? parametersOf(idParameter, 'path') : [],
    ...(body && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: z.toJSONSchema(body, { io: 'input' }) } },
      },
    }),
    responses: {
      ...(response
        ? {
            200: {
              description: 'It is done',
              content: { 'application/json': { schema: z.toJSONSchema(response) } },
            },
          }
        : { 204: { description: 'It is done' } }),
      400: problem('Something in it is wrong; `errors` names each'),
      403: problem('Only an admin may, and only from the dashboard itself or with a token'),
      404: problem('There is no such one'),
    },
  };
}

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: z.toJSONSchema(problemSchema) } },
});

/** The API as OpenAPI 3.1, from the very schemas that validate it. */
export function openApi() {
  const paths = Object.entries(routes).map(([path, route]) => {
    const ok = {
      description: 'The answer',
      content: { 'application/json': { schema: z.toJSONSchema(route.response) } },
    };
    const get = {
      summary: route.summary,
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
      ...Object.fromEntries(paths),
      ...Object.fromEntries(
        Object.values(actions).map((action) => [
          action.path,
          { [action.method.toLowerCase()]: operationOf(action) },
        ]),
      ),
      '/models/metrics': {
        post: {
          summary:
            'Takes a model’s errors, from a token of scope `ingest` alone; the same report twice is one',
          security: [{ token: [] }],
          requestBody: {
            required: true,
            content: {
              'application/json': { schema: z.toJSONSchema(reportBody, { io: 'input' }) },
            },
          },
          responses: {
            201: {
              description: 'It is stored',
              content: { 'application/json': { schema: z.toJSONSchema(recordedSchema) } },
            },
            200: { description: 'It had been reported before' },
            400: problem('Something in it is wrong; `errors` names each'),
            403: problem('Not with such a token'),
            409: problem('It had been reported with other metrics, or there are too many models'),
          },
        },
      },
      '/metrics': {
        get: {
          summary: 'The service’s own numbers for Prometheus',
          responses: { 200: { description: 'Metrics', content: { 'text/plain': {} } } },
        },
      },
    },
  };
}
