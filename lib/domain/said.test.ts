import { expect, it } from 'vitest';
import { inLanguage } from '../i18n/on-server';
import { isSaid, say, spoken } from './said';

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

it('is kept in English, whatever the language of the request that says it', () => {
  const said = inLanguage('es', () => say('format.ago', { duration: { latency: 1.25 } }));
  expect(said.text).toBe('1.25\u00a0ms ago');
});

it('is read as it was said where its values are another version’s', () => {
  const said = { text: '5 s ago', key: 'format.ago', values: { length: 5 } };
  expect(spoken(said)).toBe('5 s ago');
});

it('names times in the zone it was said in', () => {
  const said = say('format.ago', { duration: { instant: 0, zone: 'Asia/Kolkata' } });
  expect(said.text).toBe('1970-01-01 05:30:00 UTC+5:30 ago');
});

it('of another process is recognised', () => {
  const said = say('format.in', { duration: { list: [{ count: 1 }, { instant: 0 }, 'x', 3] } });
  expect(isSaid(JSON.parse(JSON.stringify(said)))).toBe(true);
  const strange: unknown[] = [null, 'x', [], {}, { text: 'x' }, { ...said, values: [] }];
  for (const value of [
    { hertz: 440 },
    null,
    { instant: 9e99 },
    { instant: 0, zone: 1 },
    { list: 1 },
  ])
    strange.push({ ...said, values: { value } });
  let deep: unknown = said;
  for (let i = 0; i < 10; i++) deep = { ...said, values: { deep: { said: deep } } };
  expect([...strange, deep].filter((value) => isSaid(value))).toEqual([]);
});
