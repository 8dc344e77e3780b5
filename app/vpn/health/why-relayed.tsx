'use client';

import { useState } from 'react';
import type { DiagnosticsResponse, NetcheckResponse } from '@/lib/api/health-schemas';
import { networkCheckCall } from '@/lib/calls/page-calls';
import { formatLatency } from '@/lib/domain/format';
import { Empty } from '../../_ui/empty';
import { Name } from '../../_ui/name';
import { Panel } from '../../_ui/panel';
import { ask } from '../../_ui/polling';
import { RelativeTime } from '../../_ui/relative-time';
import { useAction } from '../alerts/use-action';
import { DeviceLink } from '../device-link';
import { useCollector } from '../use-collector';
import styles from './health.module.css';

/** This device's own network check, and a cause and a next step for every relayed device. */
export function WhyRelayed({ diagnostics }: { diagnostics: DiagnosticsResponse }) {
  const collector = useCollector();
  const { busy, error, run } = useAction();
  const [fresh, setFresh] = useState<DiagnosticsResponse | null>(null);
  const latest = fresh ?? diagnostics;
  const check = () =>
    run(async () => {
      setFresh(await ask(networkCheckCall(collector)));
    });
  return (
    <Panel
      title="Why relayed?"
      id="why-relayed"
      note={
        latest.netcheck && (
          <>
            This device’s network checked <RelativeTime iso={latest.netcheck.time} />
          </>
        )
      }
    >
      {latest.relayed.length === 0 ? (
        <Empty title="No device is relayed">No known path goes through a relay.</Empty>
      ) : (
        latest.relayed.map(({ node_id, hostname, causes }) => (
          <div key={node_id} className={styles.relayed}>
            <h3>
              <DeviceLink id={node_id}>
                <Name text={hostname} />
              </DeviceLink>
            </h3>
            <ul>
              {causes.map((cause) => (
                <li key={cause.code}>
                  <strong>{cause.title}.</strong> {cause.detail} <em>{cause.next_step}</em>{' '}
                  <small>
                    Rule: <code>{cause.source}</code>
                  </small>
                </li>
              ))}
            </ul>
          </div>
        ))
      )}
      {latest.netcheck ? <Facts netcheck={latest.netcheck} /> : <p>{latest.error}</p>}
      <div className={styles.actions} data-needs-js>
        <button type="button" className="control" aria-disabled={busy} onClick={check}>
          {busy ? 'Checking…' : 'Check the network now'}
        </button>
        <p role="status">{error ?? (fresh ? fresh.error : null)}</p>
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
