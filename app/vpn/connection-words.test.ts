import { describe, expect, it } from 'vitest';
import { inLanguage } from '@/lib/i18n/on-server';
import { partsOf } from '@/lib/i18n/t';
import { formatUptime } from '../../lib/domain/format';
import { ofKnown, stripWords } from './connection-words';

describe('formatUptime', () => {
  it('never rounds an outage away', () => {
    expect(formatUptime(1)).toBe('100\u00a0%');
    expect(formatUptime(0.99996)).toBe('99.9\u00a0%');
    expect(formatUptime(0.57)).toBe('57\u00a0%');
    expect(formatUptime(0)).toBe('0\u00a0%');
  });

  it('is a dash before the first round, not 0', () => {
    expect(formatUptime(null)).toBe('—');
  });
});

it('the sentence about critical devices agrees with their number', () => {
  const words = (count: number) =>
    partsOf('dashboard.criticalDirect', { direct: '1', count, strong: (all) => all.join('') });
  expect(words(2)).toEqual(['1 of 2\u00a0critical devices direct']);
  expect(words(1)).toEqual(['1 of 1\u00a0critical device direct']);
});

describe('stripWords', () => {
  it('gives the shares of what was seen, of the whole day', () => {
    const runs = [
      { path: null, quarters: 24 },
      { path: 'direct' as const, quarters: 48 },
      { path: 'relay' as const, quarters: 24 },
    ];
    expect(stripWords(runs)).toBe('Path over the last 24 hours: direct 50\u00a0%, relay 25\u00a0%');
  });

  it('says so in Spanish', () => {
    const runs = [
      { path: 'direct' as const, quarters: 48 },
      { path: 'relay' as const, quarters: 48 },
    ];
    expect(inLanguage('es', () => stripWords(runs))).toBe(
      'Ruta en las últimas 24 horas: directo 50\u00a0%, relé 50\u00a0%',
    );
    expect(inLanguage('es', () => formatUptime(0.99996))).toBe('99,9\u00a0%');
  });

  it('says when nothing is known', () => {
    expect(stripWords([{ path: null, quarters: 96 }])).toContain('not known yet');
  });
});

it('of an uptime that is known for a part of its range, how long is said', () => {
  expect(ofKnown(300, 24)).toBe(' of 5\u00a0min');
  expect(ofKnown(24 * 3_600 - 60, 24)).toBe('');
});
