/** What the set-up guide has to be pasted, word for word. Comments in it stay in English, as in the files of this project. */

export const COMPOSE = [
  'docker compose up --build -d',
  'docker compose logs -f tailscale   # shows a link: open it to log in',
].join('\n');

export const RUN = [
  'docker build -t tailnet-observatory .',
  'docker run -d --name observatory --restart unless-stopped --network host --read-only \\',
  '  -e DEMO=0 -e TAILSCALE_SOCKET=/var/run/tailscale/tailscaled.sock \\',
  '  -v /var/run/tailscale:/var/run/tailscale:ro -v observatory-data:/data tailnet-observatory',
].join('\n');

export const COMPOSE_LOG = [
  'services:',
  '  observatory:',
  '    environment:',
  '      ACCESS_LOG: /logs/access.log',
  '    volumes:',
  '      - /var/log/nginx:/logs:ro',
  '    group_add: ["4"]   # the group that may read it: stat -c %g /var/log/nginx/access.log',
].join('\n');

export const INSTALL = [
  'curl -fsSL https://tailscale.com/install.sh | sh',
  'sudo tailscale up',
].join('\n');

export const ELSEWHERE = [
  'TAILSCALE_SOCKET=/var/run/tailscale/tailscaled.sock npm start',
  '# or the sidecar of this project, in a container beside it',
  'TAILSCALE_PROXY_URL=http://127.0.0.1:8765 npm start',
  '# or only the command-line tool',
  'TAILSCALE_CLI=/usr/bin/tailscale npm start',
].join('\n');

export const ACCESS_LOG = [
  'ACCESS_LOG=/var/log/nginx/access.log npm start',
  '# or a pattern',
  "ACCESS_LOG='/var/log/nginx/*access.log' npm start",
].join('\n');

const UP = [
  'sudo docker compose up --build -d',
  'sudo docker compose logs -f tailscale   # shows a link: open it to log in',
].join('\n');

/** By the name of the system: the TUN device where it is missing, and compose in the folder that this project was copied to. */
export const NAS: Record<string, string> = {
  Synology: [
    'sudo insmod /lib/modules/tun.ko   # at each boot: Control Panel, Task Scheduler, triggered task',
    'cd /volume1/docker/tailnet-observatory',
    UP,
  ].join('\n'),
  QNAP: ['cd /share/Container/tailnet-observatory', UP].join('\n'),
  TrueNAS: ['cd /mnt/POOL/apps/tailnet-observatory', UP].join('\n'),
  Unraid: [
    'modprobe tun   # and compose from the plugin Docker Compose Manager',
    'cd /mnt/user/appdata/tailnet-observatory',
    'docker compose up --build -d',
    'docker compose logs -f tailscale   # shows a link: open it to log in',
  ].join('\n'),
};

export const NAS_LOG = [
  'services:',
  '  observatory:',
  '    environment:',
  '      ACCESS_LOG: /logs/proxy-host-*_access.log',
  '    volumes:',
  '      - /volume1/docker/npm/data/logs:/logs:ro',
].join('\n');

export const KUBERNETES = [
  'docker build -t REGISTRY/tailnet-observatory . && docker push REGISTRY/tailnet-observatory',
  'docker build -t REGISTRY/tailnet-observatory-sidecar sidecar && docker push REGISTRY/tailnet-observatory-sidecar',
  "sed 's|REGISTRY|registry.example.com|' examples/kubernetes.yaml | kubectl apply -f -",
  'kubectl logs -f statefulset/observatory -c tailscale   # shows a link: open it to log in',
].join('\n');

export const KUBERNETES_LOG = [
  '- name: ACCESS_LOG',
  '  value: /var/log/containers/ingress-nginx-controller-*.log',
].join('\n');

export const NGINX = [
  '# in the http block',
  `log_format timed '$remote_addr - $remote_user [$time_local] "$request" '`,
  `                 '$status $body_bytes_sent "$http_referer" "$http_user_agent" $request_time';`,
  '',
  '# in the server block',
  'access_log /var/log/nginx/access.log timed;',
].join('\n');

export const BEHIND_PROXY = [
  '# behind tailscale serve or another proxy on this device',
  'set_real_ip_from 127.0.0.1;',
  'real_ip_header X-Forwarded-For;',
].join('\n');
