'use client';

import { useRouter } from 'next/navigation';
import type { ModelsResponse } from '@/lib/api/model-schemas';
import type { ModelsPage } from '@/lib/api/models-page';
import { t } from '@/lib/i18n/t';
import { MINUTE } from '@/lib/util/time';
import { ClockProvider } from '../../_ui/clock';
import { Empty } from '../../_ui/empty';
import { useNews } from '../../_ui/news';
import { Panel } from '../../_ui/panel';
import { usePolling } from '../../_ui/polling';
import { rich } from '../../_ui/rich';
import frame from '../dashboard.module.css';
import { StaleNotice } from '../freshness';
import freshness from '../freshness.module.css';
import health from '../health/health.module.css';
import { SeenBy } from '../seen-by';
import { asSeenBy } from '../view';
import { ModelDetail } from './model-detail';
import { ModelGuide } from './model-guide';
import { ModelRows } from './model-rows';

const SELDOM_MS = MINUTE;

type Props = {
  initial: ModelsPage;
  /** The origin that reports are sent to. */
  origin: string;
  /** The collector whose view it is; `undefined`: all of them. */
  collector: string | undefined;
};

/** The models page, kept up to date in the browser. */
export function ModelsScreen({ now, ...props }: Props & { now: number }) {
  return (
    <ClockProvider now={now}>
      <LiveModels {...props} />
    </ClockProvider>
  );
}

function LiveModels({ initial, origin, collector }: Props) {
  useNews();
  const router = useRouter();
  const { detail } = initial;
  const all = usePolling(initial.models, SELDOM_MS);
  const polledHistory = usePolling(detail?.history ?? null, SELDOM_MS);
  const history = polledHistory.data ?? detail?.history.initial;
  const { models, csv } = all.data ?? initial.models.initial;
  return (
    <main id="main" className={frame.page}>
      <div className={frame.top}>
        <h1 className={health.sentence}>
          <Sentence models={models} />
        </h1>
        <SeenBy
          collectors={initial.collectors}
          collector={collector}
          hrefOf={(name) => asSeenBy('/vpn/models', name)}
        />
        {all.error && <StaleNotice answeredAt={all.answeredAt} error={all.error} />}
        {csv.notice && (
          <p className={freshness.notice}>
            <bdi>{csv.notice}.</bdi>
          </p>
        )}
      </div>
      <div className={frame.sections}>
        <Panel
          title={t('models.title')}
          id="models"
          note={models.length > 0 && <bdi>{t('models.allReports', { path: csv.path })}</bdi>}
        >
          {models.length === 0 || !history ? (
            <Empty title={t('models.noneReported')}>{t('models.builtIn')}</Empty>
          ) : (
            <ModelRows
              models={models}
              chosen={history.model_name}
              hrefOf={(name) =>
                asSeenBy(`/vpn/models?model=${encodeURIComponent(name)}`, collector)
              }
            />
          )}
        </Panel>
        {detail && history && (
          <ModelDetail
            detail={{ ...detail, history }}
            total={models.find(({ model_name }) => model_name === history.model_name)?.entries}
            collector={collector}
            onChange={() => router.refresh()}
          />
        )}
        <Panel title={t('models.ownTitle')}>
          <ModelGuide origin={origin} />
        </Panel>
      </div>
    </main>
  );
}

function Sentence({ models }: { models: ModelsResponse['models'] }) {
  if (models.length === 0) return t('models.none');
  const of = (status: ModelsResponse['models'][number]['status']) =>
    models.filter((model) => model.status === status).length;
  return rich(of('learning') > 0 ? 'models.sentenceLearning' : 'models.sentence', {
    count: models.length,
    degraded: of('degraded'),
    silent: of('silent'),
    learning: of('learning'),
    b: (text) => <strong>{text}</strong>,
  });
}
