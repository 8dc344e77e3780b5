/** Returns the value of a column that may be NULL. */
export const numberOrNull = (value: unknown) => (value === null ? null : Number(value));
export const textOrNull = (value: unknown) => (value === null ? null : String(value));
