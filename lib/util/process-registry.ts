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

/** Returns a value of the whole process that the service sets at its start; `current` throws before. */
export function setAtStart<T extends object>(
  name: string,
): { provide(value: T): void; current(): T } {
  const held = processWide<{ value: T | null }>(name, () => ({ value: null }));
  return {
    provide(value) {
      held.value = value;
    },
    current() {
      if (!held.value) throw new Error('the service is still starting');
      return held.value;
    },
  };
}
