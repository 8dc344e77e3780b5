import { expect, it } from 'vitest';
import { inLanguage } from '../i18n/on-server';
import { say, spoken } from './said';

it('is read in the language of its reader, numbers and other texts in it too', () => {
  const said = say('format.ago', { duration: { latency: 1.25 } });
  expect(said.text).toBe('1.25\u00a0ms ago');
  expect(inLanguage('es', () => spoken(said))).toBe('hace 1,25\u00a0ms');
  const outer = say('format.in', { duration: { said } });
  expect(inLanguage('es', () => spoken(outer))).toBe('en hace 1,25\u00a0ms');
});

it('is read as it was said where its key is not known', () => {
  const said = { text: 'nas hums', key: 'alerts.ofLaterVersion', values: { device: 'nas' } };
  expect(inLanguage('es', () => spoken(said))).toBe('nas hums');
});
