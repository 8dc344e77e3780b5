/** The severity of a log line, in rising order. Named as in Python's logging and most log searches. */
export const LOG_LEVELS = ['DEBUG', 'INFO', 'WARNING', 'ERROR'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The level of a line as code writes it. */
export type Level = 'debug' | 'info' | 'warn' | 'error';
