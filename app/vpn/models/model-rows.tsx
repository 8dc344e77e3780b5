'use client';

import type { ModelResponse } from '@/lib/api/model-schemas';
import { formatMetric } from '@/lib/domain/format';
import type { MessageKey } from '@/lib/i18n/messages';
import { t } from '@/lib/i18n/t';
import { Glyph } from '../../_ui/glyph';
import { Name } from '../../_ui/name';
import { RelativeTime } from '../../_ui/relative-time';
import styles from './models.module.css';

const TEXTS: Record<ModelResponse['status'], MessageKey> = {
  degraded: 'models.worse',
  silent: 'models.stopped',
  ok: 'models.usual',
  learning: 'models.learning',
};
const SHAPES: Record<ModelResponse['status'], string> = {
  degraded: 'M6 .8l5.8 10.4h-11.6Z',
  silent: 'M1 1h10v10h-10Z',
  ok: 'M6 2a4 4 0 1 1 0 8a4 4 0 1 1 0-8Z',
  learning: 'M6 4a2 2 0 1 1 0 4a2 2 0 1 1 0-4Z',
};

/** The models, one per row, the chosen one marked. */
export function ModelRows({
  models,
  chosen,
  hrefOf,
}: {
  models: readonly ModelResponse[];
  chosen: string;
  hrefOf: (model: string) => string;
}) {
  return (
    <table className={`grid-table ${styles.models}`}>
      <caption className="hidden">{t('models.caption')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('models.model')}</th>
          <th scope="col">{t('models.state')}</th>
          <th scope="col">{t('models.mae')}</th>
          <th scope="col">{t('models.baseline')}</th>
          <th scope="col">{t('models.ratio')}</th>
          <th scope="col">{t('models.lastReport')}</th>
        </tr>
      </thead>
      <tbody>
        {models.map(({ model_name, status, last, baseline }) => (
          <tr key={model_name}>
            <th scope="row">
              <a
                href={hrefOf(model_name)}
                aria-current={model_name === chosen ? 'true' : undefined}
              >
                <Name text={model_name} />
              </a>
            </th>
            <td>
              <span className={styles.state} data-status={status}>
                <Glyph shape={SHAPES[status]} />
                {t(TEXTS[status])}
              </span>
            </td>
            <td data-head={t('models.mae')}>{formatMetric(last.metrics.mae ?? 0)}</td>
            <td data-head={t('models.baseline')}>
              {baseline.mae === null ? '—' : formatMetric(baseline.mae)}
            </td>
            <td data-head={t('models.ratio')}>
              {last.ratio === null ? '—' : `${formatMetric(last.ratio)}×`}
            </td>
            <td>
              <RelativeTime iso={last.timestamp} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
