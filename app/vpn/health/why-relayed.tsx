'use client';

import type { DiagnosticsResponse, NetcheckResponse } from '@/lib/api/health-schemas';
import { networkCheckCall } from '@/lib/calls/page-calls';
import { formatLatency } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import { Empty } from '../../_ui/empty';
import { Panel } from '../../_ui/panel';
import { ask } from '../../_ui/polling';
import { RelativeTime } from '../../_ui/relative-time';
import { rich } from '../../_ui/rich';
import { useAction } from '../alerts/use-action';
import { useCollector } from '../use-collector';
import styles from './health.module.css';
import { RelayCauses } from './relay-causes';

/** A cause and a next step for every relayed device. */
export function WhyRelayed({ diagnostics }: { diagnostics: DiagnosticsResponse }) {
  return (
    <Panel title={t('alerts.whyRelayed')} id="why-relayed">
      {diagnostics.relayed.length === 0 ? (
        <Empty title={t('healthPage.noneRelayed')}>{t('healthPage.noneRelayedText')}</Empty>
      ) : (
        diagnostics.relayed.map((relayed) => (
          <RelayCauses key={relayed.node_id} relayed={relayed} named />
        ))
      )}
    </Panel>
  );
}

/** The network check of the device this service runs on. `onCheck` receives the answer of a new one. */
export function OwnNetwork({
  diagnostics,
  onCheck,
}: {
  diagnostics: DiagnosticsResponse;
  onCheck: (diagnostics: DiagnosticsResponse) => void;
}) {
  const collector = useCollector();
  const { busy, error, run } = useAction();
  const { netcheck } = diagnostics;
  const check = () => run(async () => onCheck(await ask(networkCheckCall(collector))));
  return (
    <Panel
      title={t('healthPage.network')}
      id="network"
      note={
        netcheck &&
        rich('healthPage.networkNote', { time: () => <RelativeTime iso={netcheck.time} /> })
      }
    >
      {netcheck ? <Facts netcheck={netcheck} /> : <p>{diagnostics.error}</p>}
      <div className={styles.actions} data-needs-js>
        <button type="button" className="control" aria-disabled={busy} onClick={check}>
          {busy ? t('healthPage.checking') : t('healthPage.check')}
        </button>
        <p role="status">{error ?? (netcheck ? diagnostics.error : null)}</p>
      </div>
    </Panel>
  );
}

function Facts({ netcheck }: { netcheck: NetcheckResponse }) {
  const { udp, ipv4, ipv6, hard_nat, port_mapping, captive_portal, regions } = netcheck;
  const unknown = t('healthPage.notMeasured');
  const facts: [string, string][] = [
    ['UDP', yes(udp)],
    ['IPv4', yes(ipv4)],
    ['IPv6', yes(ipv6)],
    ['NAT', hard_nat === null ? unknown : t(hard_nat ? 'healthPage.hard' : 'healthPage.easy')],
    [
      t('healthPage.portMapping'),
      port_mapping === null ? unknown : port_mapping.join(', ') || t('healthPage.noMapping'),
    ],
    [t('healthPage.captivePortal'), captive_portal === null ? unknown : yes(captive_portal)],
  ];
  for (const { code, name, latency_ms } of regions.slice(0, 6)) {
    const latency = formatLatency(latency_ms);
    const isNearest = code === netcheck.preferred_region;
    facts.push([`${name} (${code})`, isNearest ? t('healthPage.nearest', { latency }) : latency]);
  }
  return (
    <dl className={styles.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

const yes = (fact: boolean) => t(fact ? 'healthPage.yes' : 'healthPage.no');
