import type { DevicesResponse, LogDoctorResponse, QuotaStatusResponse } from '@/lib/api/schemas';
import type { HealthResponse } from '@/lib/api/service-schemas';
import { formatCount, formatRelative } from '../../lib/domain/format';
import type { MessageKey } from '../../lib/i18n/messages';
import { t } from '../../lib/i18n/t';
import { keyEndsSoon, keyHasExpired } from './device-order';

/** Something the owner should act on. `href` leads to the details. */
export type Problem = {
  id: string;
  severity: 'critical' | 'warning';
  title: string;
  detail: string;
  href: string | null;
  /** When it began, where that is known; ISO 8601. */
  since?: string;
};

type State = {
  health: HealthResponse;
  devices: DevicesResponse | null;
  quota: QuotaStatusResponse | null;
  doctor: LogDoctorResponse;
};

/**
 * Lists everything that is wrong, worst first, each thing once; empty when all is well. `now` in epoch milliseconds.
 */
export function listProblems(state: State, now: number): Problem[] {
  const problems = [
    ...alertProblems(state.health),
    ...healthProblems(state),
    ...staleProblem(state.health, state.devices, now),
    ...(hasAlert(state.health, 'key_expiring') ? [] : keyProblems(state.devices, now)),
    ...quotaProblem(state.quota),
    ...doctorProblems(state.health, state.doctor),
  ];
  return problems.sort(
    (a, b) => Number(a.severity !== 'critical') - Number(b.severity !== 'critical'),
  );
}

type FiringAlert = HealthResponse['alerts']['loudest'][number];

/** Rules whose subject has a problem of its own here. */
const EXPLAINED: ReadonlySet<string> = new Set([
  'own_device',
  'tailscaled_health',
  'tailscaled_unreachable',
  'collector_failing',
  'quota_near',
  'exit_node_lost',
]);
/** As many alerts of a rule are listed one by one. */
const ONE_BY_ONE = 2;

/** What an alert rule finds, of several devices. */
const MANY: Partial<Record<FiringAlert['rule'], MessageKey>> = {
  offline: 'dashboard.manyOffline',
  unstable: 'dashboard.manyUnstable',
  latency: 'dashboard.manySlow',
  latency_unusual: 'dashboard.manyUnusual',
  packet_loss: 'dashboard.manyLossy',
  relayed: 'dashboard.manyRelayed',
  key_expiring: 'dashboard.manyKeys',
  model_degraded: 'dashboard.manyDegraded',
  model_silent: 'dashboard.manySilent',
};

const hasAlert = ({ alerts }: HealthResponse, rule: FiringAlert['rule']) =>
  alerts.loudest.some((alert) => alert.rule === rule);

/** Lists the firing alerts that need attention; many of one rule are one problem. */
function alertProblems({ alerts }: HealthResponse): Problem[] {
  const byRule = new Map<FiringAlert['rule'], FiringAlert[]>();
  for (const alert of alerts.loudest) {
    if (EXPLAINED.has(alert.rule)) continue;
    byRule.set(alert.rule, [...(byRule.get(alert.rule) ?? []), alert]);
  }
  return [...byRule].flatMap(([rule, all]) => {
    const many = MANY[rule];
    const isGroup = many !== undefined && all.length > ONE_BY_ONE;
    return isGroup
      ? [groupProblem(rule, t(many, { count: all.length }), all)]
      : all.map(alertProblem);
  });
}

const severityOf = (alerts: readonly FiringAlert[]): Problem['severity'] =>
  alerts.some(({ severity }) => severity === 'critical') ? 'critical' : 'warning';

const ALERTS_HREF = '/vpn/health#alerts';

const groupProblem = (
  rule: FiringAlert['rule'],
  title: string,
  alerts: readonly FiringAlert[],
): Problem => ({
  id: `alerts-${rule}`,
  severity: severityOf(alerts),
  title,
  detail: `${nameSome(alerts.map(({ hostname, title: said }) => hostname ?? said))}.`,
  href: ALERTS_HREF,
});

const alertProblem = (alert: FiringAlert, index: number): Problem => ({
  id: `alert-${alert.rule}-${alert.node_id}-${index}`,
  severity: severityOf([alert]),
  title: alert.title,
  detail: '',
  href: ALERTS_HREF,
  since: alert.since,
});

const PARTS: Record<string, MessageKey> = {
  tailscale: 'dashboard.partTailscale',
  own_device: 'dashboard.partOwnDevice',
  exit_node: 'dashboard.partExitNode',
  critical_nodes: 'dashboard.partCritical',
  access_log: 'dashboard.partLog',
  store: 'dashboard.partStore',
};

function partName(part: string): string {
  const known = PARTS[part];
  return known ? t(known) : t('dashboard.partJob', { name: part.replaceAll('_', ' ') });
}

/**
 * Leaves out what the page explains better itself: a stale tailnet with its age, a faulty log with the doctor's remedy.
 */
function healthProblems({ health, devices, doctor }: State): Problem[] {
  const explained = new Set<string>();
  if (devices?.stale) explained.add('tailscale');
  if (doctor.findings.some(({ severity }) => severity === 'error')) explained.add('access_log');
  const problems = health.problems.filter(({ part }) => !explained.has(part));
  return [
    ...problems.map((problem, index) => ({
      id: `health-${index}-${problem.part}`,
      severity: 'critical' as const,
      title: partName(problem.part),
      detail: problem.message,
      href: null,
    })),
    ...health.tailscale.health.map((message, index) => ({
      id: `tailscaled-${index}`,
      severity: 'warning' as const,
      title: t('dashboard.tailscaledReports'),
      detail: message,
      href: null,
    })),
  ];
}

function staleProblem(
  health: HealthResponse,
  devices: DevicesResponse | null,
  now: number,
): Problem[] {
  if (!devices?.stale) return [];
  const age = formatRelative(Date.parse(devices.generated_at), now);
  return [
    {
      id: 'stale',
      severity: 'critical',
      title: t('dashboard.tailscaledSilent'),
      detail: [t('dashboard.lastAnswer', { age }), health.tailscale.error ?? ''].join(' ').trim(),
      href: '#devices',
    },
  ];
}

function keyProblems(devices: DevicesResponse | null, now: number): Problem[] {
  // Others renew their own.
  const all = (devices?.devices ?? []).filter(({ classification }) => classification === 'own');
  const expired = all.filter((device) => keyHasExpired(device, now));
  const soon = all
    .filter((device) => keyEndsSoon(device, now))
    .sort((a, b) => Date.parse(a.key_expiry ?? '') - Date.parse(b.key_expiry ?? ''));
  const problems: Problem[] = [];
  if (expired.length > 0) {
    problems.push({
      id: 'expired',
      severity: 'critical',
      title: t('dashboard.keysExpired', { count: expired.length }),
      detail: t('dashboard.renewKeys', { names: nameSome(expired.map(hostnameOf)) }),
      href: '#devices',
    });
  }
  const first = soon[0];
  if (first?.key_expiry) {
    problems.push({
      id: 'expiring',
      severity: 'warning',
      title: t('dashboard.keysExpiring', { count: soon.length }),
      detail: t(soon.length > 1 ? 'dashboard.firstKeyExpires' : 'dashboard.keyExpires', {
        names: nameSome(soon.map(hostnameOf)),
        when: formatRelative(Date.parse(first.key_expiry), now),
      }),
      href: '#devices',
    });
  }
  return problems;
}

const hostnameOf = ({ hostname }: DevicesResponse['devices'][number]) => hostname;

/** Whether four fifths of a limit are used, or more. */
export function isFull({ used, limit }: QuotaStatusResponse['users']): boolean {
  return limit !== null && used > 0 && used >= limit * 0.8;
}

function quotaProblem(quota: QuotaStatusResponse | null): Problem[] {
  if (!quota || quota.status === 'ok') return [];
  const parts: [MessageKey, QuotaStatusResponse['users']][] = [
    ['dashboard.usedUsers', quota.users],
    ['dashboard.usedExternal', quota.external_users],
    ['dashboard.usedDevices', quota.devices],
  ];
  const full = parts
    .filter(([, part]) => isFull(part))
    .map(([words, { used, limit }]) =>
      t(words, { used: formatCount(used), limit: formatCount(limit ?? 0) }),
    );
  const over = quota.status === 'over';
  return [
    {
      id: 'quota',
      severity: over ? 'critical' : 'warning',
      title: t(over ? 'dashboard.overPlan' : 'dashboard.nearPlan'),
      detail: t('dashboard.usedOnPlan', { parts: full.join(', '), plan: quota.plan.name }),
      href: '#numbers',
    },
  ];
}

function doctorProblems(health: HealthResponse, doctor: LogDoctorResponse): Problem[] {
  if (health.access_log.pattern === null) return [];
  return doctor.findings
    .filter(({ severity }) => severity !== 'hint')
    .map((finding, index) => ({
      id: `log-${index}-${finding.code}`,
      severity: finding.severity === 'error' ? 'critical' : 'warning',
      title: finding.title,
      detail: finding.remedy,
      href: '#log',
    }));
}

function nameSome(names: readonly string[]): string {
  const first = names.slice(0, 3).map((name) => `\u2068${name.slice(0, 40)}\u2069`);
  const listed = first.join(', ');
  const count = formatCount(names.length - first.length);
  return names.length > first.length ? t('dashboard.andMore', { names: listed, count }) : listed;
}
