'use client';

import type { MonitoredNodeResponse, NodesResponse } from '@/lib/api/health-schemas';
import { formatCount, formatDuration, formatLatency, formatShare } from '@/lib/domain/format';
import { Empty } from '../_ui/empty';
import { Name } from '../_ui/name';
import { Panel } from '../_ui/panel';
import { type Strip, stripPieces } from '../_ui/path-runs';
import { PathState } from '../_ui/path-state';
import { PathStrip } from '../_ui/path-strip';
import { RelativeTime } from '../_ui/relative-time';
import { useStableOrder } from '../_ui/stable-order';
import { formatUptime, stripWords } from './connection-words';
import styles from './connections.module.css';
import { NodeLink } from './node-link';
import { type Strips, useStrips } from './strips';
import { useCollector } from './use-collector';
import { asSeenBy } from './view';

const FEW = 8;
const NONE: readonly MonitoredNodeResponse[] = [];

/** The critical nodes, worst first: path, latency, loss, uptime, flaps and the last day. `few`: the first eight, then a link to them all. */
export function Connections({
  critical,
  strips,
  error,
  few,
}: {
  critical: NodesResponse | undefined;
  /** As the page was loaded with them; they are carried on from there. */
  strips: Strips;
  error: Error | undefined;
  few: boolean;
}) {
  const collector = useCollector();
  const { ordered: nodes, props } = useStableOrder(critical?.nodes ?? NONE, (node) => node.id);
  const shown = few ? nodes.slice(0, FEW) : nodes;
  const days = useStrips(strips, critical);
  const lossy = nodes.some((node) => lossOf(node) > 0);
  const last = nodes.find(({ last_round }) => last_round)?.last_round;
  return (
    <Panel
      title="Connections"
      id="connections"
      note={
        critical &&
        nodes.length > 0 && (
          <>
            critical nodes, worst first; pinged every{' '}
            {formatDuration(critical.interval_seconds * 1000)}
            {last && (
              <>
                , last <RelativeTime iso={last} />
              </>
            )}
          </>
        )
      }
    >
      {nodes.length === 0 ? (
        <None answered={critical !== undefined} error={error} />
      ) : (
        <table className={`grid-table ${styles.table}`} data-lossy={lossy} {...props}>
          <caption className="hidden">Connections of the critical nodes</caption>
          <thead>
            <tr>
              <th scope="col">Node</th>
              <th scope="col">Path</th>
              <th scope="col">Latency</th>
              {lossy && <th scope="col">Loss</th>}
              <th scope="col">Uptime, 24 h</th>
              <th scope="col">Flaps</th>
              <th scope="col">Last 24 h</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((node) => {
              const strip = days[node.id];
              return strip && <Row key={node.id} node={node} strip={strip} lossy={lossy} />;
            })}
          </tbody>
        </table>
      )}
      {few && nodes.length > 0 && (
        <a className="show-all" href={asSeenBy('/vpn/health', collector)}>
          {nodes.length > FEW ? `All ${formatCount(nodes.length)}, alerts` : 'Alerts'}, events and
          speed by path
        </a>
      )}
    </Panel>
  );
}

function Row({
  node,
  strip,
  lossy,
}: {
  node: MonitoredNodeResponse;
  strip: Strip;
  lossy: boolean;
}) {
  const loss = lossOf(node);
  return (
    <tr>
      <th scope="row">
        <NodeLink id={node.id}>
          <Name text={node.hostname} />
        </NodeLink>
      </th>
      <td>
        <PathState path={node.path} />
        {node.path === 'relay' && node.relay_region && <small> {node.relay_region}</small>}
      </td>
      <td>{formatLatency(node.latency_ms)}</td>
      {lossy && (
        <td data-loss={loss > 0 || undefined}>
          {loss > 0 && formatShare(loss)}
          {loss > 0 && <span className={styles.unit}> loss</span>}
        </td>
      )}
      <td>{formatUptime(node.uptime_24h)}</td>
      <td data-zero={node.flaps_24h === 0 || undefined}>
        {formatCount(node.flaps_24h)}
        <span className={styles.unit}> flaps</span>
      </td>
      <td>
        <PathStrip pieces={stripPieces(strip)} label={stripWords(strip.runs)} />
      </td>
    </tr>
  );
}

/** An offline node has said so already. */
const lossOf = ({ path, loss }: MonitoredNodeResponse) => (path === 'offline' ? 0 : (loss ?? 0));

function None({ answered, error }: { answered: boolean; error: Error | undefined }) {
  if (!answered) {
    return (
      <Empty title="Not known yet">
        {error?.message ?? 'The connections appear here as soon as Tailscale answers.'}
      </Empty>
    );
  }
  return (
    <Empty title="No node is pinged">
      Every own node that is not a phone or laptop is pinged by itself; there is none yet. To choose
      others, name them in <code>CRITICAL_NODES</code>, separated by commas.
    </Empty>
  );
}
