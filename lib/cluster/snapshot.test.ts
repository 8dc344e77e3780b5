import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { snapshotSchema } from './snapshot';
import { snapshot } from './test-snapshot';

const overTheWire = (sent: unknown) => JSON.parse(JSON.stringify(sent));

describe('the snapshot of a collector', () => {
  it('of the same version arrives as it was sent', () => {
    expect(snapshotSchema.parse(overTheWire(snapshot()))).toEqual(snapshot());
  });

  it('of a newer version is read without what is unknown here', () => {
    const sent = overTheWire(snapshot());
    const [known] = sent.alerts.open;
    const [device] = sent.tailnet.devices.changed;
    sent.weather = { sky: 'clear' };
    sent.tailnet.region = 'fra';
    sent.alerts.open.push({ ...known, id: 8, rule: 'certificate_expiring' });
    sent.alerts.open.push({ ...known, id: 9, mood: 'tense', severity: 'info' });
    // Texts with values of a kind that is new are read in English.
    const strange = { text: 'git hums', key: 'alerts.hums', values: { tone: { hertz: 440 } } };
    sent.alerts.open.push({ ...known, id: 10, said: { title: strange, evidence: [] } });
    sent.tailnet.own.said = { reason: strange };
    sent.tailnet.devices.changed.push({ ...device, id: 'n3', path: 'carrier_pigeon' });
    sent.tailnet.devices.changed.push({ ...device, id: 'n4', battery: 0.5 });
    const [judged] = sent.judgements.changed;
    sent.judgements.changed.push({ ...judged, id: 'n3', path: 'carrier_pigeon' });
    sent.tailnet.own.state = 'asleep';
    sent.events.push({
      ...{ id: 1, time: 1, kind: 'node_repainted', nodeId: 'n2', hostname: 'git' },
      ...{ before: 'git', after: 'code' },
    });
    sent.events.push({
      ...{ id: 2, time: 2, kind: 'node_online', nodeId: 'n2', hostname: 'git' },
      ...{ before: null, after: null, via: 'web' },
    });
    sent.findings.push({ ...FINDING, code: 'too_polite' }, FINDING);
    sent.jobs.push({ ...JOB, lastCause: 'moon' });
    sent.tailnet.source = 'telepathy';
    const read = snapshotSchema.parse(sent);
    expect(read.alerts.open.map(({ id }) => id)).toEqual([7, 9, 10]);
    expect(read.alerts.open[2]).toEqual({ ...known, id: 10 });
    expect(read.tailnet.own).toEqual({ ...snapshot().tailnet.own, state: 'unreachable' });
    expect(read.tailnet.devices.changed.map(({ id }) => id)).toEqual(['n2', 'n4']);
    expect(read.judgements).toEqual(snapshot().judgements);
    expect(read.tailnet.own.state).toBe('unreachable');
    expect(read.events.map(({ id }) => id)).toEqual([2]);
    expect(read.findings).toEqual([FINDING]);
    expect(read.jobs).toEqual([{ ...JOB, lastCause: null }]);
    expect(read.tailnet.source).toBe('none');
    expect(JSON.stringify(read)).not.toMatch(/weather|mood|battery|region":"fra|via/);
  });

  it('of this version is read by the one before, which has less', () => {
    const { events: _, ...shape } = snapshotSchema.shape;
    const before = z.object(shape);
    const { events: __, ...rest } = snapshot();
    expect(before.parse(overTheWire(snapshot()))).toEqual(rest);
  });

  it('of the version before is read, since a field that is new here has a default', () => {
    const next = snapshotSchema.extend({
      weather: z.object({ sky: z.string() }).default({ sky: 'unknown' }),
    });
    expect(next.parse(overTheWire(snapshot()))).toEqual({
      ...snapshot(),
      weather: { sky: 'unknown' },
    });
  });

  it.each([
    ['nothing', undefined],
    ['a text', '"hello"'],
    ['an error', { type: 'about:blank', title: 'Not found', status: 404, detail: '' }],
    ['alerts that are no list', { ...snapshot(), alerts: { open: {}, mutes: [] } }],
    ['a time that is none', { ...snapshot(), at: 'yesterday' }],
    ['judgements that are none', { ...snapshot(), judgements: null }],
  ])('is none that is %s', (_name, sent) => {
    expect(snapshotSchema.safeParse(sent).success).toBe(false);
  });

  it('is described for /openapi.json', () => {
    expect(z.toJSONSchema(snapshotSchema)).toMatchObject({ type: 'object' });
  });
});

const FINDING = {
  ...{ code: 'empty', severity: 'hint', title: 'Empty', detail: '', remedy: '', snippet: null },
};
const JOB = {
  ...{ name: 'netcheck', schedule: '0 5 * * * *', running: false, lastRun: 1, nextRun: 2 },
  ...{ lastDurationMs: 3, lastError: null, lastCause: null, overdueMs: 0 },
  ...{ runs: 3, failures: 1, ranMs: 9 },
};
