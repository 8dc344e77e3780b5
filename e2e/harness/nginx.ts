import { spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { collect, end, freePort, until } from './process';

export type NginxOptions = {
  /** Where requests go, such as `http://127.0.0.1:3000`; without it nginx itself answers 200 to every path. */
  upstream?: string;
  /** Trust the client address that a proxy on loopback (tailscale serve) reports. */
  realIp?: boolean;
  port?: number;
};

export type RunningNginx = {
  url: string;
  port: number;
  /** Combined format with `$request_time` after it. */
  accessLog: string;
  /** Makes nginx reopen the log, by the signal that logrotate sends after renaming it (USR1). */
  reopen(): Promise<void>;
  stop(): Promise<void>;
};

/** Starts a real nginx on loopback, as any user, and writes only to its own temporary folder. */
export async function startNginx(options: NginxOptions = {}): Promise<RunningNginx> {
  const port = options.port ?? (await freePort());
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'observatory-nginx-'));
  // When root starts nginx, its workers run as another user, who needs access to this folder.
  await fs.chmod(folder, 0o755);
  const accessLog = path.join(folder, 'access.log');
  await fs.writeFile(path.join(folder, 'nginx.conf'), configuration(folder, port, options));

  const child = spawn('nginx', ['-p', folder, '-c', path.join(folder, 'nginx.conf')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let spawnError: Error | undefined;
  child.once('error', (error) => {
    spawnError = error;
  });
  const stderr = collect(child.stderr);
  const stop = async () => {
    await end(child, 'SIGTERM');
    await fs.rm(folder, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await until(
      () => {
        if (spawnError) throw spawnError;
        if (child.exitCode !== null) throw new Error(`nginx ended: ${stderr()}`);
        return answers(`${url}/nginx-is-up`);
      },
      10_000,
      () => `nginx did not answer on ${url}: ${stderr()}`,
    );
  } catch (error) {
    if (!spawnError) await stop();
    throw error;
  }

  return {
    url,
    port,
    accessLog,
    async reopen() {
      child.kill('SIGUSR1');
      await until(
        () => fs.stat(accessLog).catch(() => undefined),
        5_000,
        () => `nginx did not open ${accessLog} again`,
      );
    },
    stop,
  };
}

function configuration(folder: string, port: number, { upstream, realIp }: NginxOptions): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join('\n  ');
  return `
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log stderr;
events { worker_connections 256; }
http {
  ${temporary}
  log_format timed '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent '
                   '"$http_referer" "$http_user_agent" $request_time';
  ${realIp ? 'set_real_ip_from 127.0.0.1;\n  real_ip_header X-Forwarded-For;' : ''}
  server {
    listen 127.0.0.1:${port};
    location = /nginx-is-up { access_log off; return 204; }
    location / {
      access_log ${folder}/access.log timed;
      ${
        upstream
          ? `proxy_pass ${upstream};
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;`
          : 'default_type text/plain;\n      return 200 "ok\\n";'
      }
    }
  }
}
`;
}

const answers = (url: string): Promise<boolean> =>
  fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
    (response) => response.ok,
    () => false,
  );
