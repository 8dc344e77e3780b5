import * as z from 'zod';
import type { Answering } from '../api/handle';
import { type CallName, type ResponseOf, routes } from '../api/routes';
import type { Role } from '../domain/caller';
import { InvalidInput } from '../domain/errors';
import { type Said, say } from '../domain/said';

/** A call as a tool. */
export type Tool = {
  name: string;
  /** The path of the call, its parameters in braces. */
  path: CallName;
  description: string;
  needs: Role;
  /** The JSON schema of each argument; those in `inPath` are parts of the path. */
  properties: Record<string, z.core.util.JSONType>;
  required: string[];
  inPath: ReadonlySet<string>;
  answer: Answering<ResponseOf<CallName>>['answer'];
};

/** For replicas, and for the view of a signed link; nothing to ask. */
const INTERNAL: ReadonlySet<string> = new Set<CallName>(['/cluster/snapshot', '/widgets/view']);
/** What admins may have unmasked on the page, a model may not. */
const UNMASKING: ReadonlySet<string> = new Set(['unmasked']);

const json = z.record(z.string(), z.json());
const answering: { [C in CallName]: Answering<ResponseOf<C>> } = routes;

/** Every call that looks, by the name of its tool. */
export const tools: ReadonlyMap<string, Tool> = new Map(
  (Object.keys(routes) as CallName[])
    .filter((path) => !INTERNAL.has(path))
    .map((path) => {
      const tool = toolOf(path);
      return [tool.name, tool];
    }),
);

/** `/health-monitoring/uptime/{hostname}` is `health_monitoring_uptime`. */
function nameOf(path: string): string {
  const words = path.replace(/\/\{\w+\}|\.json$/g, '').slice(1);
  return words.replace(/\W/g, '_');
}

function toolOf(path: CallName): Tool {
  const { summary, query, ...route } = routes[path];
  const parts = argumentsOf('path' in route ? route.path : undefined);
  const asked = argumentsOf(query);
  const { needs = 'viewer', answer } = answering[path];
  return {
    name: nameOf(path),
    path,
    description: `${summary}. As GET ${path} of the API.`,
    needs,
    properties: { ...parts.properties, ...asked.properties },
    required: [...Object.keys(parts.properties), ...asked.required],
    inPath: new Set(Object.keys(parts.properties)),
    answer,
  };
}

function argumentsOf(schema: z.ZodType | undefined) {
  if (!schema) return { properties: {}, required: [] };
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input' });
  const shown = Object.entries(properties).filter(([name]) => !UNMASKING.has(name));
  return { properties: json.parse(Object.fromEntries(shown)), required };
}

/** Returns the request that a tool's arguments mean: its URL and the parts of its path. Throws `InvalidInput`. */
export function requestOf(
  { path, properties, inPath }: Tool,
  given: Record<string, unknown>,
): { url: URL; parts: Record<string, string> } {
  const parameters = new URLSearchParams();
  const parts: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === null) continue;
    if (!Object.hasOwn(properties, name)) throw fault(name, say('faults.notAParameter'));
    if (inPath.has(name)) parts[name] = textOf(name, value);
    else for (const one of [value].flat()) parameters.append(name, textOf(name, one));
  }
  const pathname = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(parts[name] ?? ''));
  const url = new URL(pathname, 'http://localhost');
  // `..` would name another call.
  if (url.pathname !== pathname) {
    throw fault([...inPath][0] ?? '', say('faults.deviceName'));
  }
  url.search = parameters.toString();
  return { url, parts };
}

function textOf(parameter: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw fault(parameter, say('faults.textOrList'));
}

const fault = (parameter: string, message: Said) => new InvalidInput({ parameter, message });
