import type MailComposer from 'nodemailer/lib/mail-composer';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Delivery } from '../../domain/notice';
import { say } from '../../domain/said';
import type { MessageKey } from '../../i18n/messages';
import { inLanguage } from '../../i18n/on-server';
import { logger } from '../../log/log';
import { HTML, inUnits, linesOf, PLAIN_WITH_LINKS, withinLimit } from '../markup';
import { type Content, contentOf, SIGNS, type Table } from '../message-content';
import type { Notifier, Outgoing } from '../notifier';
import { oneLine } from '../one-line';
import { COLOURS } from './colours';
import type { Common } from './http-channel';
import { refusal } from './refusal';
import { jobOf, type SmtpFault, smtpFaultOf } from './smtp-job';

const log = logger('alerts');

const TIMEOUT_MS = 30_000;
const SUBJECT_MAX = 200;
const TEXT = { max: 50_000, measure: inUnits };
const REASON_MAX = 200;

export type EmailSettings = {
  host: string;
  port: number;
  /** TLS from the first byte on; otherwise STARTTLS where the server has it. */
  isTls: boolean;
  /** `null`: without a login. */
  login: { user: string; password: string } | null;
  from: string;
  to: string[];
};

/**
 * Sends messages by e-mail, as text and HTML, to an SMTP server. A password is never sent over a connection that is not
 * encrypted, except to this machine. A message that is sent again has the same Message-ID.
 */
export class EmailNotifier implements Notifier {
  readonly name = 'email';
  readonly minGapMs = 2_000;

  constructor(
    private readonly settings: EmailSettings,
    private readonly common: Common,
  ) {}

  async send(outgoing: Outgoing, beforeBytes: () => Promise<void>): Promise<Delivery> {
    const { host, port, isTls, login, from, to } = this.settings;
    const timeoutMs = this.common.timeoutMs ?? TIMEOUT_MS;
    const { Composer, Connection } = await mailPrograms();
    const mail = await this.mail(outgoing, Composer);
    const connection = new Connection({
      ...{ host, port, secure: isTls },
      requireTLS: login !== null && !isLoopback(host),
      socketTimeout: timeoutMs,
    });
    const job = jobOf(connection, timeoutMs);
    let isWell = false;
    try {
      try {
        await job.step((done) => connection.connect(done));
        if (login !== null) {
          const credentials = { user: login.user, pass: login.password };
          await job.step<boolean>((done) => connection.login({ credentials }, done));
        }
      } catch (error) {
        return this.judge(smtpFaultOf(error));
      }
      await beforeBytes();
      try {
        const sent = await job.step<SMTPConnection.SentMessageInfo>((done) =>
          connection.send({ from, to }, mail, done),
        );
        // The others have it, and would have it twice.
        const refused = sent?.rejected.length ?? 0;
        if (refused > 0) log.warn(`email: ${host} refused some of the recipients`, { refused });
        isWell = true;
        return { state: 'sent' };
      } catch (error) {
        return this.judge(smtpFaultOf(error));
      }
    } finally {
      job.end(isWell);
    }
  }

  private judge({ code, status, said }: SmtpFault): Delivery {
    const { host, port, login } = this.settings;
    const reason = oneLine(said.replaceAll(login?.password || '\0', '…'), REASON_MAX);
    if (status === null) {
      const at = { host: `${host}:${port}` };
      const key = WORDS[code];
      const error = key ? say(key, at) : say('channelFaults.mailFailed', { ...at, code });
      return { state: 'retry', error, afterMs: null };
    }
    const remedy = REMEDIES[code];
    const advice = remedy && say(remedy);
    const error = refusal({ service: host, status: reason || status, advice });
    return status >= 500 ? { state: 'failed', error } : { state: 'retry', error, afterMs: null };
  }

  private mail({ id, message }: Outgoing, Composer: typeof MailComposer): Promise<Buffer> {
    const { from, to } = this.settings;
    const composer = inLanguage(this.common.language, () => {
      const content = contentOf(message, this.common);
      const { lines, always } = linesOf(content, PLAIN_WITH_LINKS);
      return new Composer({
        from: { name: 'Tailnet Observatory', address: from },
        to,
        subject: oneLine(`${SIGNS[content.level]} ${content.title}`, SUBJECT_MAX),
        text: withinLimit([content.title, '', ...lines], always, TEXT),
        html: pageOf(content),
        date: new Date(message.createdAt),
        messageId: `<observatory-${id}-${message.createdAt}@${from.split('@').at(-1)}>`,
        headers: {
          'Auto-Submitted': 'auto-generated',
          ...(content.level === 'critical' && { 'X-Priority': '1 (Highest)', Importance: 'High' }),
        },
        disableFileAccess: true,
        disableUrlAccess: true,
      });
    });
    return composer.compile().build();
  }
}

/** Loaded with the first message: they take 2 MB, and most services send no e-mail. */
async function mailPrograms() {
  const [{ default: Composer }, { default: Connection }] = await Promise.all([
    import('nodemailer/lib/mail-composer'),
    import('nodemailer/lib/smtp-connection'),
  ]);
  return { Composer, Connection };
}

function pageOf(content: Content): string {
  const { lines, always } = linesOf({ ...content, table: null }, HTML);
  const colour = COLOURS[content.level].toString(16).padStart(6, '0');
  const title = `<p style="font-size:18px;margin:0 0 8px">${SIGNS[content.level]} ${HTML.bold(content.title)}</p>`;
  const text = withinLimit(lines, always, TEXT).replaceAll('\n', '<br>\n');
  return `<div style="font-family:sans-serif;font-size:14px;line-height:1.5;border-left:4px solid #${colour};padding-left:12px">${title}${text}${content.table ? tableOf(content.table) : ''}</div>`;
}

function tableOf({ title, head, rows }: Table): string {
  const row = (tag: 'th' | 'td', texts: string[]) =>
    texts.map((text) => `<${tag} style="${ENTRY}">${HTML.text(text)}</${tag}>`).join('');
  const body = rows.map((texts) => `<tr>${row('td', texts)}</tr>`).join('\n');
  return `\n<table style="border-collapse:collapse;margin-top:12px"><caption style="text-align:left">${HTML.bold(title)}</caption>
<tr>${row('th', head)}</tr>\n${body}</table>`;
}

const ENTRY = 'border-bottom:1px solid #ccc;padding:4px 12px 4px 0;text-align:left';

const isLoopback = (host: string) =>
  host === 'localhost' || host === '::1' || /^127(\.\d+){3}$/.test(host);

const WORDS: Record<string, MessageKey> = {
  ECONNECTION: 'channelFaults.cut',
  ESOCKET: 'channelFaults.cut',
  ETIMEDOUT: 'channelFaults.silentMail',
  EDNS: 'channelFaults.nameUnknown',
  ETLS: 'channelFaults.untrusted',
};

const REMEDIES: Record<string, MessageKey> = {
  EAUTH: 'channelFaults.smtpLogin',
  ETLS: 'channelFaults.smtpTls',
};
