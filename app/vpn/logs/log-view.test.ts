import { describe, expect, it } from 'vitest';
import { logsQuery } from '../../../lib/api/logs';
import { logCall } from '../../../lib/calls/page-calls';
import { TimeZone } from '../../../lib/domain/time-zone';
import { logHref, logParameters, logsAround, parseLogView } from './log-view';

describe('the address of the log page', () => {
  it('is read back as it was written', () => {
    const address = 'level=ERROR&hours=168&text=disk+full&user=a%40b.c&request_id=r-1&logger=api';
    const view = parseLogView(new URLSearchParams(address));
    expect(parseLogView(new URL(logHref(view), 'http://x').searchParams)).toEqual(view);
    expect(view).toMatchObject({ level: 'ERROR', hours: 168, text: 'disk full', requestId: 'r-1' });
  });

  it.each(['', 'level=LOUD&hours=-1&from=yesterday', 'text=%00%ff&hours=1e9'])(
    '%j still is a question that the API takes',
    (address) => {
      const { path } = logCall(logParameters(parseLogView(new URLSearchParams(address))));
      const { searchParams } = new URL(path, 'http://x');
      expect(logsQuery.safeParse(Object.fromEntries(searchParams)).success).toBe(true);
    },
  );

  it('takes times without a zone as what the clocks of the page show, in either order', () => {
    const madrid = new TimeZone('Europe/Madrid');
    const times = (from: string, to: string) => {
      const { from: start, to: end } = parseLogView(new URLSearchParams({ from, to }), madrid);
      return [start, end];
    };
    const evening = ['2026-11-25T17:00:00.000Z', '2026-11-25T19:00:00.000Z'];
    expect(times('2026-11-25T18:00', '2026-11-25T20:00:00')).toEqual(evening);
    expect(times('2026-11-25T20:00', '2026-11-25T18:00')).toEqual(evening);
    expect(times('2026-11-25T17:00:00Z', '2026-11-25T19:00:00Z')).toEqual(evening);
  });

  it('has the hours instead when these were chosen last', () => {
    const address = 'hours=168&from=2026-11-25T18:00:00Z&to=2026-11-25T20:00:00Z&pattern=a+<n>';
    const view = parseLogView(new URLSearchParams(address));
    expect(view).toMatchObject({ hours: 168, from: null, to: null, pattern: 'a <n>' });
    expect(parseLogView(new URL(logHref(view), 'http://x').searchParams)).toEqual(view);
  });

  it('holds two minutes to each side of a moment', () => {
    const { searchParams } = new URL(logsAround('2026-11-25T08:00:00.000Z'), 'http://x');
    expect(searchParams.get('from')).toBe('2026-11-25T07:58:00.000Z');
    expect(searchParams.get('to')).toBe('2026-11-25T08:02:00.000Z');
  });
});
