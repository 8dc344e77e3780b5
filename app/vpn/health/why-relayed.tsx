'use client';

import type { DiagnosticsResponse, NetcheckResponse } from '@/lib/api/health-schemas';
import { networkCheckCall } from '@/lib/calls/page-calls';
import { formatLatency } from '@/lib/domain/format';
import { Empty } from '../../_ui/empty';
import { Panel } from '../../_ui/panel';
import { ask } from '../../_ui/polling';
import { RelativeTime } from '../../_ui/relative-time';
import { useAction } from '../alerts/use-action';
import { useCollector } from '../use-collector';
import styles from './health.module.css';
import { RelayCauses } from './relay-causes';

/** A cause and a next step for every relayed device. */
export function WhyRelayed({ diagnostics }: { diagnostics: DiagnosticsResponse }) {
  return (
    <Panel title="Why relayed?" id="why-relayed">
      {diagnostics.relayed.length === 0 ? (
        <Empty title="No device is relayed">No known path goes through a relay.</Empty>
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
      title="This device’s network"
      id="network"
      note={
        netcheck && (
          <>
            Our end of every path, checked <RelativeTime iso={netcheck.time} />
          </>
        )
      }
    >
      {netcheck ? <Facts netcheck={netcheck} /> : <p>{diagnostics.error}</p>}
      <div className={styles.actions} data-needs-js>
        <button type="button" className="control" aria-disabled={busy} onClick={check}>
          {busy ? 'Checking…' : 'Check the network now'}
        </button>
        <p role="status">{error ?? (netcheck ? diagnostics.error : null)}</p>
      </div>
    </Panel>
  );
}

function Facts({ netcheck }: { netcheck: NetcheckResponse }) {
  const { udp, ipv4, ipv6, hard_nat, port_mapping, captive_portal, regions } = netcheck;
  const facts: [string, string][] = [
    ['UDP', yes(udp)],
    ['IPv4', yes(ipv4)],
    ['IPv6', yes(ipv6)],
    ['NAT', hard_nat === null ? 'Not measured' : hard_nat ? 'Hard' : 'Easy'],
    ['Port mapping', port_mapping === null ? 'Not measured' : port_mapping.join(', ') || 'None'],
    ['Captive portal', captive_portal === null ? 'Not measured' : yes(captive_portal)],
  ];
  for (const { code, name, latency_ms } of regions.slice(0, 6)) {
    const nearest = code === netcheck.preferred_region ? ' (nearest)' : '';
    facts.push([`${name} (${code})`, `${formatLatency(latency_ms)}${nearest}`]);
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

const yes = (fact: boolean) => (fact ? 'Yes' : 'No');
