import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { chmod, mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { collect, end, freePort, until } from './process';
import { sendBytes } from './raw-http';

const run = promisify(execFile);

export type ServerName = 'nginx' | 'apache' | 'caddy' | 'haproxy';

/** A real web server on loopback, which logs in the format that it has by itself. */
export type WebServer = {
  name: ServerName;
  /** Sends a request, byte for byte, and returns the status of the answer. */
  send(request: string): Promise<number>;
  /** Rotates its log as its users do; `request` sends one more request, for those that rotate by size. */
  rotate(request: () => Promise<unknown>): Promise<void>;
  stop(): Promise<void>;
};

/** Where one runs: its own files are in `own`, its log is `log`. */
type Place = { port: number; own: string; log: string };
type Recipe = {
  /** Returns the text of its configuration. */
  configuration(place: Place): string;
  command(configuration: string): string[];
  /** It logs to its output. */
  toOutput?: boolean;
  rotate(
    place: Place,
    child: ChildProcess,
    request: Parameters<WebServer['rotate']>[0],
  ): Promise<void>;
};

/** Starts it. Paths under its name answer 200, except `/missing` (404) and `/down` (503). */
export async function startWebServer(
  name: ServerName,
  folder: string,
  logs: string,
): Promise<WebServer> {
  const recipe = RECIPES[name];
  const own = path.join(folder, name);
  await mkdir(own, { recursive: true });
  await chmod(own, 0o755);
  const place = { port: await freePort(), own, log: path.join(logs, `${name}.log`) };
  const file = path.join(own, 'configuration');
  await writeFile(path.join(own, 'ok.txt'), 'ok\n');
  await writeFile(file, recipe.configuration(place));
  const [program = '', ...args] = recipe.command(file);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const stderr = collect(child.stderr);
  if (recipe.toOutput) child.stdout.pipe(createWriteStream(place.log, { flags: 'a' }));
  else child.stdout.resume();
  const failed = new Promise<never>((_, reject) => child.once('error', reject));
  const send = async (request: string) => {
    const answer = await sendBytes(`http://127.0.0.1:${place.port}`, Buffer.from(request));
    return Number(answer.split(' ')[1] ?? 0);
  };
  // A connection alone would be logged by some.
  const isListening = () => run('ss', ['-Htln', `sport = :${place.port}`]);
  await Promise.race([
    failed,
    until(
      async () => (await isListening()).stdout !== '',
      10_000,
      () => `${name} does not listen: ${stderr()}`,
    ),
  ]);
  return {
    name,
    send,
    rotate: (request) => recipe.rotate(place, child, request),
    stop: async () => {
      await end(child, 'SIGTERM');
    },
  };
}

/** Renames the log and has the server open it anew, as logrotate does. */
const byRenaming: Recipe['rotate'] = async ({ log }, child) => {
  await rename(log, `${log}.1`);
  child.kill('SIGUSR1');
};

const asUser = () => (process.getuid?.() === 0 ? 'User nobody\nGroup nogroup' : '');

const RECIPES: Record<ServerName, Recipe> = {
  nginx: {
    configuration: ({ port, own, log }) => `
daemon off;
pid ${own}/pid;
error_log stderr;
events {}
http {
  client_body_temp_path ${own}/body;
  proxy_temp_path ${own}/proxy;
  fastcgi_temp_path ${own}/fastcgi;
  uwsgi_temp_path ${own}/uwsgi;
  scgi_temp_path ${own}/scgi;
  access_log ${log};
  server {
    listen 127.0.0.1:${port};
    location = /nginx/missing { return 404; }
    location = /nginx/down { return 503; }
    location / { return 200 ok; }
  }
}
`,
    command: (file) => ['nginx', '-c', file],
    rotate: byRenaming,
  },
  apache: {
    configuration: ({ port, own, log }) => `
ServerRoot ${own}
DefaultRuntimeDir ${own}
PidFile ${own}/pid
Listen 127.0.0.1:${port}
ServerName notes.home.example
ErrorLog ${own}/error
${asUser()}
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule alias_module /usr/lib/apache2/modules/mod_alias.so
LogFormat "%v:%p %h %l %u %t \\"%r\\" %>s %O \\"%{Referer}i\\" \\"%{User-Agent}i\\"" vhost_combined
CustomLog ${log} vhost_combined
Redirect 404 /apache/missing
Redirect 503 /apache/down
AliasMatch ^/apache/ ${own}/ok.txt
`,
    command: (file) => ['apache2', '-f', file, '-DFOREGROUND'],
    rotate: byRenaming,
  },
  caddy: {
    configuration: ({ port, log }) => `
{
  admin off
  persist_config off
  auto_https off
}
http://notes.home.example:${port}, http://127.0.0.1:${port} {
  bind 127.0.0.1
  log {
    output file ${log} {
      roll_size 1MiB
    }
  }
  respond /caddy/missing 404
  respond /caddy/down 503
  respond ok
}
`,
    command: (file) => [
      process.env.LAB_CADDY ?? 'caddy',
      'run',
      '--adapter',
      'caddyfile',
      '--config',
      file,
    ],
    // It rotates by itself, and compresses what it rotated.
    rotate: async ({ log }, _, request) => {
      const folder = path.dirname(log);
      await until(
        async () => {
          await request();
          const names = await readdir(folder);
          return names.some((name) => /^caddy-\d{4}.*\.log/.test(name));
        },
        60_000,
        () => 'Caddy has not rotated its log',
      );
    },
  },
  haproxy: {
    configuration: ({ port }) => `
global
  log stdout format raw local0
defaults
  mode http
  log global
  option httplog
  timeout connect 5s
  timeout client 5s
  timeout server 5s
frontend web
  bind 127.0.0.1:${port}
  http-request return status 404 if { path /haproxy/missing }
  http-request return status 503 if { path /haproxy/down }
  http-request return status 200 content-type text/plain string ok
`,
    command: (file) => ['haproxy', '-db', '-f', file],
    toOutput: true,
    // What writes to a program's output cannot be reopened: logrotate copies and truncates.
    rotate: async ({ own, log }) => {
      const configuration = path.join(own, 'logrotate');
      await writeFile(configuration, `${log} {\n  rotate 3\n  copytruncate\n}\n`);
      await chmod(configuration, 0o644);
      await run('logrotate', ['-f', '-s', path.join(own, 'logrotate-state'), configuration]);
    },
  },
};
