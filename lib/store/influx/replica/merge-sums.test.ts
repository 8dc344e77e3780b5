import { expect, it } from 'vitest';
import { mergedBy } from './merge-sums';

const row = (values: Record<string, unknown>) => ({
  ...{ node_id: 'n1', start: 0, hostname: 'git', sent: 5, received: 5, latency_sum: 10 },
  ...{ latency_min: 1, latency_max: 3, direct: 1, peer_relay: 0, relay: 0, offline: 0, unknown: 0 },
  ...values,
});

it('adds up what two collectors measured of one device, and leaves devices apart', () => {
  const merged = mergedBy(
    [
      row({}),
      row({ hostname: 'git-new', latency_min: 2, latency_max: 9, direct: 0, relay: 1 }),
      row({ node_id: 'n2' }),
    ],
    ({ node_id }) => String(node_id),
  );
  expect(merged).toMatchObject([
    {
      ...{ node_id: 'n1', hostname: 'git-new', sent: 10, received: 10, latency_sum: 20 },
      ...{ latency_min: 1, latency_max: 9, direct: 1, relay: 1 },
    },
    { node_id: 'n2', sent: 5 },
  ]);
});

it('has no latency where none was measured', () => {
  const none = { received: 0, latency_sum: 0, latency_min: null, latency_max: null };
  const both = (second: Record<string, unknown>) => mergedBy([row(none), row(second)], () => '')[0];
  expect(both(none)).toMatchObject({ latency_min: null, latency_max: null });
  expect(both({})).toMatchObject({ latency_min: 1, latency_max: 3, received: 5 });
});
