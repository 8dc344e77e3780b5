'use client';

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
      <p>
        A job that trains or checks a model sends its errors after each run, with a token for that.
        From the sixth report on, an error of more than twice the median of those before it is an
        alert, and so is a model that stops reporting. <code>examples/prophet</code> is a complete
        job to start from.
      </p>
      <Snippet text={LINES.replace('ORIGIN', origin)} label="A report by curl" />
    </div>
  );
}
