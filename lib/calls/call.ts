import type { CallName, QueryOf, ResponseOf } from '../api/routes';

/** The API as the pages call it, on the server and in the browser; the only server module that the browser gets. */

/** The parameters of a call, in its path and query. The collector to ask must always be given. */
export type ParametersOf<C extends CallName> = QueryOf<C> &
  Record<InBraces<C>, string> & { collector: string | undefined };

type InBraces<Path> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | InBraces<Rest>
  : never;

/** Something a page shows: the URL it is fetched from and, once loaded, the answer of that very URL. */
export type Resource<T> = {
  readonly path: string;
  readonly initial?: T;
  /** `initial` is the beginning of a long list: the rest has to be fetched at once. */
  readonly partial?: boolean;
};

/** A resource that the server has loaded. */
export type Loaded<T> = Resource<T> & { readonly initial: T };

/** One call with its parameters, not loaded yet. */
export type Call<C extends CallName> = Resource<ResponseOf<C>> & {
  readonly name: C;
  readonly parameters: ParametersOf<C>;
};

/** Creates a call of the API; parameters that are `undefined` are left out. */
export function call<C extends CallName>(name: C, parameters: ParametersOf<C>): Call<C> {
  let path: string = name;
  const others: [string, unknown][] = [];
  for (const [key, value] of Object.entries(parameters)) {
    const inBraces = `{${key}}`;
    if (name.includes(inBraces)) path = path.replace(inBraces, encodeURIComponent(String(value)));
    else others.push([key, value]);
  }
  const query = queryOf(Object.fromEntries(others));
  return { name, parameters, path: query === '' ? path : `${path}?${query}` };
}

/** Returns parameters as a query string, without `?`; those that are `undefined` are left out. */
export function queryOf(parameters: Record<string, unknown>): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(parameters)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined) query.append(key, String(one));
    }
  }
  return query.toString();
}
