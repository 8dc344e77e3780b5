import { describe, expect, test } from 'vitest';
import { TimeZone, UTC } from '@/lib/domain/time-zone';
import { dashboardCalls } from '../../lib/calls/page-calls';
import { inLanguage } from '../../lib/i18n/on-server';
import {
  apiParameters,
  parseView,
  rangeIssue,
  rangeWords,
  viewHref,
  viewQuery,
  withFilter,
  withoutFilters,
  withTyped,
  withValue,
} from './view';

const parse = (query: string, zone = UTC) => parseView(new URLSearchParams(query), zone);
const FROM = Date.UTC(2026, 10, 1);
const TO = Date.UTC(2026, 10, 3, 12);

describe('URL to view', () => {
  test('nothing in the URL is seven days, no filter, no bots', () => {
    expect(parse('')).toEqual({ range: '7d', filters: {}, bots: false });
  });

  test('every part is read', () => {
    expect(parse('range=30d&user=a%40b.c&device=nas&endpoint=%2Fx&status=4xx&bots=true')).toEqual({
      range: '30d',
      filters: { user: ['a@b.c'], device: ['nas'], endpoint: ['/x'], status: ['4xx'] },
      bots: true,
    });
  });

  test('a custom range wins over a preset; a time without a zone is UTC', () => {
    expect(parse('range=90d&from=2026-11-01T00:00&to=2026-11-03T12:00:00Z').range).toEqual({
      from: FROM,
      to: TO,
    });
  });

  test.each([
    'range=1y',
    'from=2026-11-03T00:00Z&to=2026-11-01T00:00Z',
    'from=2026-11-03T00:00Z',
    'from=tomorrow&to=2026-11-01T00:00Z',
    'from=2026-99-99T00:00Z&to=2026-11-01T00:00Z',
    'from=1970-01-01T00:00Z&to=2026-11-01T00:00Z',
    `endpoint=/${'x'.repeat(256)}`,
    'status=999',
    'status=4x',
    'user=',
    'user=!',
    'status=!6xx',
    `q=${'x'.repeat(257)}`,
    'q=',
    'collector=a%20b',
    'filter=status%3A6xx',
    'bots=1',
  ])('an invalid value falls back to the default: %s', (query) => {
    expect(parse(query)).toEqual(parse(''));
  });

  test('several values, negations, text and the collector are read, each value once', () => {
    const view = parse(
      'host=a.b&host=!c.d&host=a.b&endpoint=/git/*&status=!404&q=Issue&collector=x',
    );
    expect(view).toEqual({
      range: '7d',
      filters: { host: ['a.b', '!c.d'], endpoint: ['/git/*'], status: ['!404'] },
      text: 'Issue',
      collector: 'x',
      bots: false,
    });
  });

  test('what the filter bar sends without JavaScript joins the filters', () => {
    expect(viewQuery(parse('user=a&filter=User%3A!b'))).toBe('user=a&user=%21b');
    expect(viewQuery(parse('status=5xx&filter=issues'))).toBe('status=5xx&q=issues');
  });
});

describe('view to URL', () => {
  test('is empty for the default', () => {
    expect(viewHref(parse(''))).toBe('/vpn');
  });

  test.each([
    '',
    'range=24h',
    'range=30d&user=a%40b.c&device=nas&endpoint=%2Fx%3Fy&status=404&bots=true',
    'user=a&user=%21b&device=n1&endpoint=%2Fgit%2F*&host=git.example.org&status=%215xx&q=a+b&collector=x',
    'from=2026-11-01T00%3A00%3A00.000Z&to=2026-11-03T12%3A00%3A00.000Z&user=%E2%80%AEx',
  ])('reads back as the same view: %s', (query) => {
    expect(viewQuery(parse(query))).toBe(query);
  });
});

test('the API gets days for a preset, from and to for a custom range, and the filters', () => {
  const asked = (query: string) => dashboardCalls(apiParameters(parse(query))).usage.path;
  expect(asked('range=24h&status=404')).toBe('/analytics/dashboard-usage?days=1&status=404');
  expect(asked('range=24h&user=a&user=!b&q=x')).toBe(
    '/analytics/dashboard-usage?days=1&user=a&user=%21b&q=x',
  );
  expect(asked('from=2026-11-01T00:00Z&to=2026-11-03T12:00Z&bots=true')).toBe(
    '/analytics/dashboard-usage?from=2026-11-01T00%3A00%3A00.000Z&to=2026-11-03T12%3A00%3A00.000Z&bots=true',
  );
});

test('a filter is set, replaced and taken away, leaving the others', () => {
  const view = parse('user=a&status=404');
  expect(viewQuery(withFilter(view, 'user', 'b'))).toBe('user=b&status=404');
  expect(viewQuery(withFilter(view, 'user', null))).toBe('status=404');
});

test('one of several values is replaced, taken away, and turned into its opposite', () => {
  const view = parse('user=a&user=b&status=404');
  expect(viewQuery(withValue(view, 'user', 'a', '!a'))).toBe('user=%21a&user=b&status=404');
  expect(viewQuery(withValue(view, 'user', 'a', null))).toBe('user=b&status=404');
  expect(viewQuery(withValue(view, 'status', '404', null))).toBe('user=a&user=b');
});

test('without filters the range, the bots and the collector stay', () => {
  expect(viewQuery(withoutFilters(parse('range=30d&user=a&q=x&bots=true&collector=c')))).toBe(
    'range=30d&collector=c&bots=true',
  );
});

test('what is typed is a filter, text, or refused in words', () => {
  const typed = (text: string) => {
    const { view, issue } = withTyped(parse('user=a'), text);
    return issue ?? viewQuery(view);
  };
  expect(typed('host:git.example.org')).toBe('user=a&host=git.example.org');
  expect(typed(' !status:404 ')).toBe('user=a&status=%21404');
  expect(typed('endpoint:/a:b, c*')).toBe('user=a&endpoint=%2Fa%3Ab%2C+c*');
  expect(typed('User:a')).toBe('user=a');
  expect(typed('10:30')).toBe('user=a&q=10%3A30');
  expect(typed('  ')).toBe('user=a');
  expect(typed('status:abc')).toContain('from 100 to 599');
  expect(typed('host:')).toContain('1 to 253');
  expect(typed('x'.repeat(300))).toContain('256');
});

test('the range is said in words', () => {
  expect(rangeWords('24h').before).toBe('the previous 24 hours');
  expect(rangeWords('90d').during).toBe('in the last 90 days');
  expect(rangeWords({ from: FROM, to: TO }).during).toBe('in the chosen range');
});

test('ranges and what was typed are said in Spanish', () => {
  inLanguage('es', () => {
    expect(rangeWords('7d')).toEqual({
      name: 'los últimos 7 días',
      during: 'en los últimos 7 días',
      before: 'los 7 días anteriores',
    });
    expect(withTyped(parse(''), 'device:').issue).toBe(
      'El dispositivo debe tener entre 1 y 255 caracteres.',
    );
    expect(rangeIssue(new URLSearchParams('from=2026-11-03T00:00'), UTC)).toContain('un inicio');
  });
});

test('a custom range that cannot be used says why', () => {
  const issue = (query: string) => rangeIssue(new URLSearchParams(query), UTC);
  expect(issue('from=2026-11-03T00:00&to=2026-11-01T00:00')).toContain('must be after its start');
  expect(issue('from=2026-11-03T00:00')).toContain('needs a start and an end');
  expect(issue('from=1970-01-01T00:00Z&to=2026-11-01T00:00Z')).toContain('at most ten years');
  expect(issue('from=2026-11-01T00:00&to=2026-11-03T00:00')).toBeNull();
  expect(issue('range=30d')).toBeNull();
});

const rangeIn = (zone: string, query: string) => parse(query, new TimeZone(zone)).range;
const at = (iso: string) => Date.parse(iso);

test('a range typed or sent by a form is one of the zone of the page', () => {
  const evening = 'from=2026-11-25T18:00&to=2026-11-25T20:00';
  expect(rangeIn('Europe/Madrid', evening)).toEqual({
    from: at('2026-11-25T17:00:00Z'),
    to: at('2026-11-25T19:00:00Z'),
  });
  expect(rangeIn('America/St_Johns', evening)).toEqual({
    from: at('2026-11-25T21:30:00Z'),
    to: at('2026-11-25T23:30:00Z'),
  });
});

test('one that names its zone is left as it is', () => {
  const zoned = 'from=2026-11-25T18:00:00%2B02:00&to=2026-11-25T20:00:00Z';
  expect(rangeIn('Europe/Madrid', zoned)).toEqual({
    from: at('2026-11-25T16:00:00Z'),
    to: at('2026-11-25T20:00:00Z'),
  });
});

test('garbage stays garbage', () => {
  expect(rangeIn('Europe/Madrid', 'from=2026-99-99T18:00&to=soon')).toBe('7d');
});
