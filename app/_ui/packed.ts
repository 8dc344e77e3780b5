/**
 * A value on its way from the server to the components in the browser, as JSON: a large one takes React many times as
 * long to carry piece by piece.
 */
export type Packed<T> = { readonly json: string; readonly of?: T };

export const pack = <T>(value: T): Packed<T> => ({ json: JSON.stringify(value) });

export const unpack = <T>({ json }: Packed<T>): T => JSON.parse(json);
