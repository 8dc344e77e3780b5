/** How grave a line of the log is, in rising order. Named as Python's logging and most searches over logs name them. */
export const LOG_LEVELS = ['DEBUG', 'INFO', 'WARNING', 'ERROR'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The level of a line as code writes it. */
export type Level = 'debug' | 'info' | 'warn' | 'error';
