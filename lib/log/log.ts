import pino from 'pino';

/** What a caller may log beside the message; it is nested under `data`, so that it cannot forge a field of the line. */
export type LogData = Record<string, unknown>;
export type Logger = Record<
  'debug' | 'info' | 'warn' | 'error',
  (message: string, data?: LogData) => void
>;

const root = pino(
  {
    base: null,
    messageKey: 'message',
    nestedKey: 'data',
    timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label.toUpperCase() }) },
    serializers: { error: pino.stdSerializers.err },
  },
  pino.destination({ fd: 1, sync: true }),
);

/** Lines below this level are not written, by any logger of this process. */
export function setLogLevel(level: 'debug' | 'info' | 'warn' | 'error'): void {
  root.level = level;
}

/** A logger that writes one JSON object a line to standard output, under a name. */
export function logger(name: string): Logger {
  const write = (level: keyof Logger) => (message: string, data?: LogData) => {
    const child = root.child({ logger: name }, { level: root.level });
    if (data) child[level](data, message);
    else child[level](message);
  };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}
