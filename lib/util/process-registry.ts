const KEY: unique symbol = Symbol.for('tailnet-observatory');
const place = globalThis as typeof globalThis & { [KEY]?: Map<string, unknown> };

/**
 * Returns this process's only instance by that name, made at the first call. It lives on `globalThis`, since Next gives
 * instrumentation, pages and route handlers separate instances of every module: a module's variable would exist once in
 * each. A name belongs to one module, which alone decides the type.
 */
export function processWide<T>(name: string, make: () => T): T {
  place[KEY] ??= new Map();
  const registry = place[KEY];
  if (!registry.has(name)) registry.set(name, make());
  return registry.get(name) as T;
}
