import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { collect, end, freePort, until } from '../../harness/process';

/** A real InfluxDB of a test's own, run by the lab's program, to be killed and started again. */
export class OwnInfluxd {
  private child: ChildProcess | undefined;
  private said = () => '';
  private constructor(
    readonly url: string,
    private readonly folder: string,
    private readonly port: number,
  ) {}

  /** Throws when the lab's variables are not set. */
  static async start(folder: string): Promise<OwnInfluxd> {
    const port = await freePort();
    const own = new OwnInfluxd(`http://127.0.0.1:${port}`, folder, port);
    await own.start();
    const { org, token } = own.settings;
    const body = { username: 'own', password: 'own-password', org, bucket: 'first', token };
    const set = await fetch(`${own.url}/api/v2/setup`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    if (!set.ok) throw new Error(`InfluxDB was not set up: ${await set.text()}`);
    return own;
  }

  get settings() {
    return { url: this.url, org: 'own', token: 'own-token' };
  }

  async start(): Promise<void> {
    const { LAB_TAILSCALE_CLI: beside } = process.env;
    if (!beside) throw new Error('LAB_TAILSCALE_CLI is not set: run eval "$(lab/lab env)" first');
    const at = (name: string) => path.join(this.folder, name);
    this.child = spawn(
      path.join(path.dirname(beside), 'influxd'),
      [
        '--reporting-disabled',
        `--http-bind-address=127.0.0.1:${this.port}`,
        `--bolt-path=${at('influxd.bolt')}`,
        `--sqlite-path=${at('influxd.sqlite')}`,
        `--engine-path=${at('engine')}`,
      ],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    if (this.child.stdout) this.said = collect(this.child.stdout);
    await until(
      () =>
        fetch(`${this.url}/health`).then(
          ({ ok }) => ok,
          () => false,
        ),
      30_000,
      () => `InfluxDB did not start: ${this.said()}`,
    );
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (this.child) await end(this.child, signal);
  }
}
