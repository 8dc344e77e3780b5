import { flux } from '@influxdata/influxdb-client';
import * as z from 'zod';
import { INVENTORY_FIELDS } from '../../../domain/inventory';
import type { InventoryHistory } from '../../ports/inventory';
import type { Influx } from '../client';
import { instant, tagged } from '../flux-parts';
import { tagKey } from '../lines';
import { readings } from './readings';

const changeSchema = z.object({
  time: z.number(),
  nodeId: z.string(),
  hostname: z.string(),
  field: z.enum(INVENTORY_FIELDS),
  before: z.string(),
  after: z.string(),
});

/** What one collector has seen change of devices, or all. */
export function replicaInventory(influx: Influx, only: string | null): InventoryHistory {
  return {
    async inventoryChanges({ from, to }, nodeId, limit) {
      const found = await readings(
        influx,
        flux`from(bucket: ${influx.bucket('rollups')})
          |> range(start: ${instant(from)}, stop: ${instant(to)})
          |> filter(fn: (r) => r._measurement == "tailscale_inventory" and r._field == "change")
          ${tagged('collector', only)} ${tagged('node_id', nodeId === null ? null : tagKey(nodeId))}
          |> group() |> sort(columns: ["_time"], desc: true) |> limit(n: ${limit})
          |> keep(columns: ["_value", "collector"])`,
      );
      return found.map(({ value }) => changeSchema.parse(JSON.parse(value)));
    },
  };
}
