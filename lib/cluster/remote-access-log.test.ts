import { expect, it } from 'vitest';
import { findingInWords, findingOf } from '../domain/finding';
import { inWords, say } from '../domain/said';
import { inLanguage } from '../i18n/on-server';
import { accessLogOf } from './remote-access-log';
import { completed } from './snapshot';
import { snapshot } from './test-snapshot';

it('says whose fault it is where there are several collectors, in the language of the reader', async () => {
  const sent = snapshot();
  const finding = findingOf({
    ...{ code: 'no_response_time', severity: 'warning', snippet: null },
    ...{ title: say('doctor.noTimes'), detail: say('doctor.noTimes') },
    remedy: say('doctor.noTimesRemedy', { program: 'nginx' }),
  });
  const full = say('stores.full', { file: '/data/observatory.sqlite' });
  const ingest = { ...sent.ingest, storeError: full.text, storeErrorSaid: full };
  const east = completed(null, { ...sent, findings: [finding], ingest });
  const log = accessLogOf([
    { name: 'east', snapshot: east },
    { name: 'west', snapshot: completed(null, sent) },
  ]);
  const [shown] = await log.findings();
  expect(shown?.title).toBe('The log has no response times (east)');
  expect(shown && inLanguage('es', () => findingInWords(shown).title)).toBe(
    'El registro no tiene tiempos de respuesta (east)',
  );
  expect(log.storeError).toMatch(/^east: .*the disk is full/);
  expect(inLanguage('es', () => inWords(log.storeError, log.storeErrorSaid))).toMatch(
    /^east: .*el disco está lleno/,
  );
});
