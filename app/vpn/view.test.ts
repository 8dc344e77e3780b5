import { describe, expect, test } from 'vitest';
import { dashboardCalls } from '../../lib/calls/page-calls';
import {
  apiParameters,
  parseView,
  rangeIssue,
  rangeWords,
  viewHref,
  viewQuery,
  withFilter,
} from './view';

const parse = (query: string) => parseView(new URLSearchParams(query));
const FROM = Date.UTC(2026, 10, 1);
const TO = Date.UTC(2026, 10, 3, 12);

describe('URL to view', () => {
  test('nothing in the URL is seven days, no filter, no bots', () => {
    expect(parse('')).toEqual({ range: '7d', filters: {}, bots: false });
  });

  test('every part is read', () => {
    expect(parse('range=30d&user=a%40b.c&device=nas&endpoint=%2Fx&status=4xx&bots=true')).toEqual({
      range: '30d',
      filters: { user: 'a@b.c', device: 'nas', endpoint: '/x', status: '4xx' },
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
    'bots=1',
  ])('an invalid value falls back to the default: %s', (query) => {
    expect(parse(query)).toEqual(parse(''));
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
    'from=2026-11-01T00%3A00%3A00.000Z&to=2026-11-03T12%3A00%3A00.000Z&user=%E2%80%AEx',
  ])('reads back as the same view: %s', (query) => {
    expect(viewQuery(parse(query))).toBe(query);
  });
});

test('the API gets days for a preset, from and to for a custom range, and the filters', () => {
  const asked = (query: string) => dashboardCalls(apiParameters(parse(query))).usage.path;
  expect(asked('range=24h&status=404')).toBe('/analytics/dashboard-usage?days=1&status=404');
  expect(asked('from=2026-11-01T00:00Z&to=2026-11-03T12:00Z&bots=true')).toBe(
    '/analytics/dashboard-usage?from=2026-11-01T00%3A00%3A00.000Z&to=2026-11-03T12%3A00%3A00.000Z&bots=true',
  );
});

test('a filter is set, replaced and taken away, leaving the others', () => {
  const view = parse('user=a&status=404');
  expect(viewQuery(withFilter(view, 'user', 'b'))).toBe('user=b&status=404');
  expect(viewQuery(withFilter(view, 'user', null))).toBe('status=404');
});

test('the range is said in words', () => {
  expect(rangeWords('24h').before).toBe('the previous 24 hours');
  expect(rangeWords('90d').during).toBe('in the last 90 days');
  expect(rangeWords({ from: FROM, to: TO }).during).toBe('in the chosen range');
});

test('a custom range that cannot be used says why', () => {
  const issue = (query: string) => rangeIssue(new URLSearchParams(query));
  expect(issue('from=2026-11-03T00:00&to=2026-11-01T00:00')).toContain('must be after its start');
  expect(issue('from=2026-11-03T00:00')).toContain('needs a start and an end');
  expect(issue('from=1970-01-01T00:00Z&to=2026-11-01T00:00Z')).toContain('at most ten years');
  expect(issue('from=2026-11-01T00:00&to=2026-11-03T00:00')).toBeNull();
  expect(issue('range=30d')).toBeNull();
});
