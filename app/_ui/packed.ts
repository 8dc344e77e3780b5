declare const of: unique symbol;

/**
 * A large value on its way from a page to its components, in the browser and on the server: as JSON, since React would
 * take it apart and put it together value by value.
 */
export type Packed<T> = string & { readonly [of]: T };

export const pack = <T>(value: T): Packed<T> => JSON.stringify(value) as Packed<T>;

/** Returns a copy of what was packed. */
export const unpack = <T>(packed: Packed<T>): T => JSON.parse(packed);
