import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { flux } from '@influxdata/influxdb-client';
import type { Answer, Board, Wish } from '../ports/board';
import { StoreUnavailable } from '../ports/store-unavailable';
import { instant } from './catalog';
import { type Influx, InfluxRefusal } from './client';
import { documentOf, line, text } from './lines';
import { documentLine } from './points';

const MINUTE = 60_000;
/** How long who has a wish waits for its answer, and how often he looks. */
const PATIENCE_MS = 12_000;
const LOOK_EVERY_MS = 250;

/** The board in InfluxDB. */
export class InfluxBoard implements Board {
  constructor(private readonly influx: Influx) {}

  async publish(collector: string, key: string, document: unknown): Promise<void> {
    const bytes = Buffer.from(JSON.stringify(document));
    await this.write('state', documentLine(collector, key, bytes, String(Date.now())));
  }

  async read(key: string): Promise<Map<string, unknown>> {
    const rows = await this.influx.rows(
      flux`from(bucket: ${this.influx.bucket('state')}) |> range(start: 0)
        |> filter(fn: (r) => r._measurement == "observatory_document" and r.key == ${key})
        |> keep(columns: ["_field", "_value", "collector"])`,
      (get) => ({ field: get('_field'), value: get('_value'), collector: get('collector') }),
    );
    const fields = new Map<string, Map<string, string>>();
    for (const { field, value, collector } of rows) {
      const known = fields.get(collector) ?? new Map<string, string>();
      known.set(field, value);
      fields.set(collector, known);
    }
    const documents = new Map<string, unknown>();
    for (const [collector, all] of fields) {
      // One that is being written is whole at the next look.
      const bytes = documentOf(all);
      if (bytes) documents.set(collector, JSON.parse(bytes.toString()));
    }
    return documents;
  }

  async ask(collector: string, wish: unknown): Promise<Answer> {
    const at = `${Date.now()}${String(randomBytes(4).readUInt32LE() % 1_000_000).padStart(6, '0')}`;
    const fields = { wish: text(JSON.stringify(wish)) };
    await this.write('raw', line('observatory_wishes', { collector }, fields, at));
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(LOOK_EVERY_MS)) {
      const [answer] = await this.said(
        'observatory_answers',
        collector,
        Date.now() - 2 * MINUTE,
        at,
      );
      if (answer) return JSON.parse(answer.value) as Answer;
    }
    throw new StoreUnavailable(
      'busy',
      `the collector ${collector} has not answered; if it comes back within a quarter of an hour it will still do it`,
    );
  }

  async wishes(collector: string, since: number): Promise<Wish[]> {
    const found = await this.said('observatory_wishes', collector, since, null);
    return found.map(({ at, value }) => ({ at, wish: JSON.parse(value) }));
  }

  async answer(collector: string, at: string, answer: Answer): Promise<void> {
    const fields = { answer: text(JSON.stringify(answer)) };
    await this.write('raw', line('observatory_answers', { collector }, fields, at));
  }

  private said(measurement: string, collector: string, since: number, at: string | null) {
    return this.influx.rows(
      flux`from(bucket: ${this.influx.bucket('raw')})
        |> range(start: ${instant(since)}, stop: ${instant(Date.now() + 10 * MINUTE)})
        |> filter(fn: (r) => r._measurement == ${measurement} and r.collector == ${collector})
        |> map(fn: (r) => ({_value: r._value, at: string(v: int(v: r._time))}))
        |> filter(fn: (r) => ${at === null} or r.at == ${at ?? ''})`,
      (get) => ({ at: get('at'), value: get('_value') }),
    );
  }

  private async write(kind: 'raw' | 'state', one: string): Promise<void> {
    try {
      await this.influx.write(kind, [one]);
    } catch (error) {
      throw error instanceof InfluxRefusal ? this.influx.unavailable(error) : error;
    }
  }
}
