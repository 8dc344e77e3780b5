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
import { NodeLink } from '../node-link';
import { useCollector } from '../use-collector';
import styles from './health.module.css';

/** Our own network check, and for every relayed node a cause and a next step. */
export function WhyRelayed({ diagnostics }: { diagnostics: DiagnosticsResponse }) {
  const collector = useCollector();
  const { busy, error, run } = useAction();
  const [fresh, setFresh] = useState<DiagnosticsResponse | null>(null);
  const shown = fresh ?? diagnostics;
  const check = () =>
    run(async () => {
      setFresh(await ask(networkCheckCall(collector)));
    });
  return (
    <Panel
      title="Why relayed?"
      id="why-relayed"
      note={
        shown.netcheck && (
          <>
            network checked <RelativeTime iso={shown.netcheck.time} />
          </>
        )
      }
    >
      {shown.relayed.length === 0 ? (
        <Empty title="No node is relayed">Every path that is known goes without a relay.</Empty>
      ) : (
        shown.relayed.map(({ node_id, hostname, causes }) => (
          <div key={node_id} className={styles.relayed}>
            <h3>
              <NodeLink id={node_id}>
                <Name text={hostname} />
              </NodeLink>
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
      {shown.netcheck ? <Facts netcheck={shown.netcheck} /> : <p>{shown.error}</p>}
      <div className={styles.actions} data-needs-js>
        <button type="button" className="control" disabled={busy} onClick={check}>
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
    ['NAT', hard_nat === null ? 'not measured' : hard_nat ? 'hard' : 'easy'],
    ['Port mapping', port_mapping === null ? 'not measured' : port_mapping.join(', ') || 'none'],
    ['Captive portal', captive_portal === null ? 'not measured' : yes(captive_portal)],
  ];
  for (const { code, name, latency_ms } of regions.slice(0, 6)) {
    const nearest = code === netcheck.preferred_region ? ', the nearest' : '';
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

const yes = (fact: boolean) => (fact ? 'yes' : 'no');
