'use client';

import { t } from '@/lib/i18n/t';
import { rich } from '../../_ui/rich';
import { Snippet } from '../../_ui/snippet';
import styles from './models.module.css';

const LINES = `npm run token -- --scope ingest --name nightly-job

curl -H "Authorization: Bearer TOKEN" -H "Content-Type: application/json" \\
  -d '{"model_name":"nightly","metrics":{"mae":2.4,"rmse":3.1,"r2":0.87},"version":"1.0"}' \\
  ORIGIN/models/metrics`;

/** Explains how to report a model of your own. */
export function ModelGuide({ origin }: { origin: string }) {
  return (
    <div className={styles.guide}>
      <p>{rich('models.guide', { example: () => <code>examples/prophet</code> })}</p>
      <Snippet text={LINES.replace('ORIGIN', origin)} label={t('models.guideCurl')} />
    </div>
  );
}
