/** Returns what runs at most so many tasks at a time, in the order they were given. */
export { default as concurrencyLimit } from 'p-limit';
