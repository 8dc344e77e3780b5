import { flux } from '@influxdata/influxdb-client';
import * as z from 'zod';
import type { Announcement, CollectorRegistry } from '../ports/collectors';
import type { Influx } from './client';
import { documentOf } from './lines';
import { documentLine } from './points';

const KEY = 'collector';

const announcementSchema = z.object({
  name: z.string(),
  instance: z.string(),
  version: z.string(),
  url: z.url({ protocol: /^https?$/ }),
  at: z.number(),
});

/** Stores the collectors' announcements in InfluxDB, one document each. An unreadable one is left out. */
export class InfluxCollectorRegistry implements CollectorRegistry {
  constructor(private readonly influx: Influx) {}

  async announce(announcement: Announcement): Promise<void> {
    const bytes = Buffer.from(JSON.stringify(announcement));
    const { name, at } = announcement;
    await this.influx.save('state', [documentLine(name, KEY, bytes, String(at))]);
  }

  async collectors(): Promise<Announcement[]> {
    const rows = await this.influx.rows(
      flux`from(bucket: ${this.influx.bucket('state')}) |> range(start: 0)
        |> filter(fn: (r) => r._measurement == "observatory_document" and r.key == ${KEY})
        |> keep(columns: ["_field", "_value", "collector"])`,
      (get) => ({ field: get('_field'), value: get('_value'), collector: get('collector') }),
    );
    const documents = new Map<string, Map<string, string>>();
    for (const { field, value, collector } of rows) {
      const fields = documents.get(collector) ?? new Map<string, string>();
      documents.set(collector, fields.set(field, value));
    }
    return [...documents.values()]
      .flatMap((fields) => readAnnouncement(fields) ?? [])
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}

/** Returns `null` for one that is being replaced (it is complete at the next look), and for one of another program. */
function readAnnouncement(fields: ReadonlyMap<string, string>): Announcement | null {
  const bytes = documentOf(fields);
  if (!bytes) return null;
  try {
    return announcementSchema.parse(JSON.parse(bytes.toString()));
  } catch {
    return null;
  }
}
