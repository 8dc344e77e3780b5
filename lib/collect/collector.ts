/** One kind of recurring work. */
export type Collector = {
  /** Unique; it is the job's name on `/healthz`. */
  name: string;
  /** A cron expression, with seconds. */
  schedule: string;
  /** Does the work once. An error is shown as the job's last error. */
  run(): Promise<void>;
};
