import type { ReactNode } from 'react';
import { t } from '@/lib/i18n/t';
import { rich } from '../_ui/rich';
import { Snippet } from '../_ui/snippet';
import styles from './guide.module.css';
import { GuideTabs } from './guide-tabs';
import * as commands from './set-up-commands';

/** Explains how to connect a tailnet, an access log, or both, wherever this runs; nothing when nothing is missing. */
export function SetUpGuide({ tailnet, log }: { tailnet: boolean; log: boolean }) {
  if (!tailnet && !log) return null;
  const tabs = [
    { key: 'docker', label: 'Docker', content: <Docker tailnet={tailnet} log={log} /> },
    {
      key: 'host',
      label: t('firstContact.thisMachine'),
      content: <Host tailnet={tailnet} log={log} />,
    },
    { key: 'nas', label: t('firstContact.nas'), content: <Nas tailnet={tailnet} log={log} /> },
    { key: 'kubernetes', label: 'Kubernetes', content: <Kubernetes log={log} /> },
  ];
  return (
    <section className={styles.guide} aria-labelledby="set-up">
      <h2 id="set-up">{t(tailnet ? 'firstContact.connect' : 'firstContact.showWho')}</h2>
      <p>{t(tailnet ? 'firstContact.noTailnet' : 'firstContact.noLog')}</p>
      <GuideTabs label={t('firstContact.where')} tabs={tabs} />
      {log && <WebServer />}
      <p>{rich('firstContact.lookAround', { command: () => <code>DEMO=1 npm start</code> })}</p>
    </section>
  );
}

type Missing = { tailnet: boolean; log: boolean };

function Docker({ tailnet, log }: Missing) {
  return (
    <>
      {tailnet && (
        <Part text={t('firstContact.compose')}>
          <Snippet label={t('firstContact.composeLabel')} text={commands.COMPOSE} />
          <p>{t('firstContact.besideHost')}</p>
          <Snippet label={t('firstContact.runLabel')} text={commands.RUN} />
        </Part>
      )}
      {log && (
        <Part text={t('firstContact.composeLog')}>
          <Snippet label={t('firstContact.overrideLabel')} text={commands.COMPOSE_LOG} />
        </Part>
      )}
    </>
  );
}

function Host({ tailnet, log }: Missing) {
  return (
    <>
      {tailnet && (
        <Part text={t('firstContact.install')}>
          <Snippet label={t('firstContact.installLabel')} text={commands.INSTALL} />
          <p>{t('firstContact.elsewhere')}</p>
          <Snippet label={t('firstContact.elsewhereLabel')} text={commands.ELSEWHERE} />
        </Part>
      )}
      {log && (
        <Part text={t('firstContact.setPath')}>
          <Snippet label={t('firstContact.setPathLabel')} text={commands.ACCESS_LOG} />
        </Part>
      )}
    </>
  );
}

function Nas({ tailnet, log }: Missing) {
  return (
    <>
      {tailnet && (
        <Part text={t('firstContact.nasCompose')}>
          {Object.entries(commands.NAS).map(([name, text]) => (
            <div key={name} className={styles.part}>
              <h4>{name}</h4>
              <Snippet label={name} text={text} />
            </div>
          ))}
          <p>{t('firstContact.nasDisk')}</p>
        </Part>
      )}
      {log && (
        <Part text={t('firstContact.nasLog')}>
          <Snippet label={t('firstContact.overrideLabel')} text={commands.NAS_LOG} />
        </Part>
      )}
    </>
  );
}

function Kubernetes({ log }: { log: boolean }) {
  return (
    <Part text={t('firstContact.kubernetes')}>
      <Snippet label={t('firstContact.kubernetesLabel')} text={commands.KUBERNETES} />
      {log && (
        <>
          <p>{t('firstContact.kubernetesLog')}</p>
          <Snippet label={t('firstContact.kubernetesLogLabel')} text={commands.KUBERNETES_LOG} />
        </>
      )}
    </Part>
  );
}

/** What the web server should log, wherever it runs. */
function WebServer() {
  return (
    <Part text={t('firstContact.durations')}>
      <Snippet label={t('firstContact.durationsLabel')} text={commands.NGINX} />
      <p>{t('firstContact.behindProxy')}</p>
      <Snippet label={t('firstContact.behindProxyLabel')} text={commands.BEHIND_PROXY} />
    </Part>
  );
}

function Part({ text, children }: { text: string; children: ReactNode }) {
  return (
    <div className={styles.part}>
      <p>{text}</p>
      {children}
    </div>
  );
}
