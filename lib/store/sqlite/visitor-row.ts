import type { Visitor } from '../../domain/access';

/** A row of the table `visitors`. */
export type VisitorRow = {
  id: number;
  ip: string;
  kind: string;
  node_id: string | null;
  device: string | null;
  user: string | null;
  user_name: string | null;
};

/** Converts a row into a visitor. */
export function toVisitor(row: VisitorRow): Visitor {
  const { id, ip, node_id, device, user, user_name } = row;
  const kind = row.kind === 'tailnet' || row.kind === 'loopback' ? row.kind : 'other';
  const isNamed = node_id !== null && device !== null && user !== null;
  return {
    id,
    ip,
    kind,
    identity: isNamed ? { nodeId: node_id, device, user, userName: user_name ?? user } : null,
  };
}
