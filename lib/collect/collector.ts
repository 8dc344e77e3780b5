/** One kind of recurring work. */
export type Collector = {
  /** Unique; it is the job's name on `/healthz`. */
  name: string;
  /** A cron expression, with seconds. */
  schedule: string;
  /** Its runs say nothing while our own device is out of the tailnet: it asks tailscaled, or rests meanwhile. */
  needsTailnet?: true;
  /** Does the work once. An error is shown as the job's last error. */
  run(): Promise<void>;
};
