import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '..');
const CHART = path.join(root, 'deploy/helm/tailnet-observatory');
const text = (file: string) => readFileSync(path.join(root, file), 'utf8');
const hasHelm = spawnSync('helm', ['version']).status === 0;

const helm = (...args: string[]) => execFileSync('helm', args, { encoding: 'utf8' });
const rendered = (...settings: string[]) =>
  helm(
    ...['template', 'home', CHART, '--set', 'registry=registry.example.com/x'],
    ...settings.flatMap((setting) => ['--set', setting]),
  );

it('the compose file and the chart take the images of this version', () => {
  const { version } = JSON.parse(text('package.json'));
  const chart = text('deploy/helm/tailnet-observatory/Chart.yaml');
  expect(chart).toContain(`\nversion: ${version}\n`);
  expect(chart).toContain(`\nappVersion: ${version}\n`);
  const images = text('docker-compose.yml').match(/^ {4}image: \$\{OBSERVATORY_IMAGES.*$/gm);
  expect(images).toHaveLength(3);
  for (const image of images ?? []) {
    expect(image).toMatch(
      new RegExp(`:\\$\\{OBSERVATORY_VERSION:-${version.replaceAll('.', '\\.')}\\}$`),
    );
  }
});

describe.skipIf(!hasHelm)('the Helm chart', () => {
  it('passes the linter, and says which setting it needs', () => {
    expect(helm('lint', '--strict', '--set', 'registry=r', CHART)).toContain('0 chart(s) failed');
    const { status, stderr } = spawnSync('helm', ['template', 'home', CHART], { encoding: 'utf8' });
    expect(status).not.toBe(0);
    expect(stderr).toContain('registry must be set: where the images are');
  });

  it('is the pod of examples/kubernetes.yaml by default', () => {
    const { version } = JSON.parse(text('package.json'));
    const pod = rendered();
    const example = text('examples/kubernetes.yaml');
    for (const name of ['tailnet-observatory', 'tailnet-observatory-sidecar']) {
      expect(pod).toContain(`image: registry.example.com/x/${name}:${version}\n`);
    }
    const lines = (yaml: string, what: RegExp) => yaml.match(what)?.map((line) => line.trim());
    for (const what of [/^ +mountPath: .*$/gm, /^ +(runAs|allow|readOnlyRoot|privileged).*$/gm]) {
      const wanted = lines(example.replaceAll(/^ *#.*$/gm, ''), what);
      expect(wanted?.length).toBeGreaterThan(3);
      expect(lines(pod, what)).toEqual(wanted);
    }
    expect(pod).not.toMatch(/TS_AUTHKEY|hostPath|secretName|storageClassName/);
  });

  it('mounts secrets as files, and names them to the app', () => {
    const pod = rendered(
      'tailscale.authKeySecret=ts',
      'secretEnv.TELEGRAM_BOT_TOKEN.secret=observatory',
      'secretEnv.TELEGRAM_BOT_TOKEN.key=bot',
      'env.TIME_ZONE=Europe/Madrid',
    );
    expect(pod).toMatch(/name: TS_AUTHKEY_FILE\n +value: \/run\/secrets\/tailscale\/authkey/);
    const file = '/run/secrets/TELEGRAM_BOT_TOKEN/bot';
    expect(pod).toMatch(new RegExp(`name: TELEGRAM_BOT_TOKEN_FILE\\n +value: ${file}`));
    expect(pod).toMatch(/mountPath: \/run\/secrets\/TELEGRAM_BOT_TOKEN\n +readOnly: true/);
    expect(pod).toMatch(/name: telegram-bot-token\n +secret:\n +secretName: observatory/);
    expect(pod).toMatch(/name: TIME_ZONE\n +value: "Europe\/Madrid"/);
  });

  it('reads the log of an ingress where one is named', () => {
    const pod = rendered('ingressLog=/var/log/containers/ingress-*.log');
    expect(pod).toContain('value: "/var/log/containers/ingress-*.log"');
    expect(pod).toContain('supplementalGroups: [0]');
    expect(pod).toMatch(/hostPath:\n +path: \/var\/log\n/);
  });
});
