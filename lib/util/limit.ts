/** Returns a function that runs at most a given number of tasks at a time, in the order they were given. */
export { default as concurrencyLimit } from 'p-limit';
