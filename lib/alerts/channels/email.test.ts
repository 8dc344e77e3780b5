import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MINUTE } from '../../util/time';
import { T0 } from '../test-doubles';
import { EmailNotifier, type EmailSettings } from './email';
import type { Common } from './http-channel';
import { about, COMMON, DIGEST, HOSTILE, LONG, OFFLINE, sendBy } from './test-service';

type Mail = { from: string; to: string[]; user: string | undefined; text: string };

/** A mail server on loopback that takes everything, unless `options` refuse it. */
async function mailServer(options: SMTPServerOptions = {}) {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    ...{ authOptional: true, disabledCommands: ['STARTTLS'], logger: false },
    onAuth: ({ username, password }, _session, done) =>
      password === 'pa55word'
        ? done(null, { user: username })
        : done(Object.assign(new Error(`no user with ${password}`), { responseCode: 535 })),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          user: session.user,
          text: Buffer.concat(chunks).toString('utf8'),
        });
        done();
      });
    },
    ...options,
  });
  // A client that does not trust the certificate ends the connection.
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const address = server.server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { mails, port };
}

const mailer = (port: number, more: Partial<EmailSettings> = {}, common: Common = COMMON) =>
  new EmailNotifier(
    {
      ...{ host: '127.0.0.1', port, isTls: false, login: null },
      ...{ from: 'observatory@example.com', to: ['me@example.com', 'you@example.org'] },
      ...more,
    },
    common,
  );

/** The parts of a message, by their type, as text. */
function partsOf(mail: Mail | undefined) {
  const [head = '', ...rest] = (mail?.text ?? '').split('\r\n\r\n');
  const boundary = /boundary="([^"]+)"/.exec(head)?.[1] ?? 'none';
  const parts = new Map<string, string>();
  for (const part of rest.join('\r\n\r\n').split(`--${boundary}`)) {
    const [partHead = '', ...body] = part.trimStart().split('\r\n\r\n');
    const type = /Content-Type: ([\w/]+)/.exec(partHead)?.[1];
    const encoded = body.join('\r\n\r\n').trim();
    const text = /base64/.test(partHead)
      ? Buffer.from(encoded, 'base64').toString('utf8')
      : fromQuotedPrintable(encoded);
    if (type) parts.set(type, text);
  }
  return {
    head: head.replaceAll('\r\n ', ' '),
    text: parts.get('text/plain'),
    html: parts.get('text/html'),
  };
}

function fromQuotedPrintable(text: string): string {
  const bytes = text
    .replaceAll('=\r\n', '')
    .replaceAll('\r\n', '\n')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

describe('an e-mail', () => {
  it('has a text and a page, who it is from and for, and is known again when it is repeated', async () => {
    const { mails, port } = await mailServer();
    expect(await sendBy(mailer(port))).toEqual({ state: 'sent' });
    expect(mails).toHaveLength(1);
    expect(mails[0]).toMatchObject({
      from: 'observatory@example.com',
      to: ['me@example.com', 'you@example.org'],
    });
    const { head, text, html } = partsOf(mails[0]);
    const subject = Buffer.from('🔴 git is offline').toString('base64');
    for (const line of [
      'From: Tailnet Observatory <observatory@example.com>',
      'To: me@example.com, you@example.org',
      'Auto-Submitted: auto-generated',
      'Date: Tue, 24 Nov 2026 04:05:00 +0000',
      `Message-ID: <observatory-17-${T0 + 5 * MINUTE}@example.com>`,
      'X-Priority: 1 (Highest)',
    ]) {
      expect(head.split('\r\n')).toContain(line);
    }
    expect(head).toMatch(/Subject: =\?UTF-8\?/);
    expect(head.includes(subject) || head.includes('=F0=9F=94=B4')).toBe(true);
    const since = 'Since: 2026-11-24 04:00:00 UTC (5\u00a0min)';
    const page = 'https://observatory.example/vpn/devices/n1';
    expect(text).toBe(`git is offline\n\nPings: none of 5 answered\n${since}\nOpen git: ${page}`);
    expect(html).toContain('🔴 <b>git is offline</b>');
    expect(html).toContain(
      `Pings: none of 5 answered<br>\n${since}<br>\n<a href="${page}">Open git</a>`,
    );
  });

  it('escapes what a device calls itself, and lets it add no header', async () => {
    const { mails, port } = await mailServer();
    const title = `${HOSTILE}\r\nBcc: all@evil.example`;
    await sendBy(mailer(port), about({ title, evidence: [{ label: 'Name', value: HOSTILE }] }));
    const { head, html } = partsOf(mails[0]);
    expect(head).not.toMatch(/^Bcc:/m);
    expect(mails[0]?.to).toEqual(['me@example.com', 'you@example.org']);
    expect(html).toContain('&lt;b&gt;&amp;amp;');
    expect(html).not.toContain('<b>&amp;');
  });

  it('is in the language of messages, whole, and no longer than a mail should be', async () => {
    const { mails, port } = await mailServer();
    await sendBy(mailer(port, {}, { ...COMMON, language: 'es' }));
    expect(partsOf(mails[0]).text).toContain('Desde: ');
    await sendBy(mailer(port), LONG);
    const { text = '', html = '' } = partsOf(mails[1]);
    expect(text.length).toBeLessThanOrEqual(50_000);
    expect(html.length).toBeLessThanOrEqual(52_000);
  });

  it('of a digest has its availability as a table', async () => {
    const { mails, port } = await mailServer();
    await sendBy(mailer(port), DIGEST);
    const { text, html } = partsOf(mails[0]);
    expect(text).toContain('• nas: 99\u00a0%, offline for 14\u00a0min');
    expect(html?.replace(/ style="[^"]*"/g, '')).toContain(
      '<tr><th>Device</th><th>Available</th><th>Offline</th></tr>\n' +
        '<tr><td>nas</td><td>99\u00a0%</td><td>offline for 14\u00a0min</td></tr></table>',
    );
  });

  it('is sent after a login', async () => {
    const { mails, port } = await mailServer();
    const login = { user: 'me', password: 'pa55word' };
    expect(await sendBy(mailer(port, { login }))).toEqual({ state: 'sent' });
    expect(mails[0]?.user).toBe('me');
  });
});

describe('a mail server that refuses', () => {
  it('the login, is not asked again, and the password is not repeated', async () => {
    const { mails, port } = await mailServer();
    const delivery = await sendBy(mailer(port, { login: { user: 'me', password: 'wr0ng-word' } }));
    expect(delivery).toMatchObject({
      state: 'failed',
      error: {
        text: expect.stringMatching(/535.*check the user in SMTP_URL, and SMTP_PASSWORD/),
      },
    });
    expect(JSON.stringify(delivery)).not.toContain('wr0ng');
    expect(mails).toEqual([]);
  });

  it.each([
    [550, 'failed'],
    [451, 'retry'],
  ])('every recipient with %i is a message to %s', async (responseCode, state) => {
    const { port } = await mailServer({
      onRcptTo: (_to, _session, done) =>
        done(Object.assign(new Error('no such mailbox'), { responseCode })),
    });
    expect(await sendBy(mailer(port))).toMatchObject({
      state,
      error: { text: expect.stringContaining(`127.0.0.1 answered ${responseCode}`) },
    });
  });

  it('one recipient, has sent it to the others', async () => {
    const { mails, port } = await mailServer({
      onRcptTo: ({ address }, _session, done) =>
        done(address.startsWith('you') ? new Error('no such mailbox') : null),
    });
    expect(await sendBy(mailer(port))).toEqual({ state: 'sent' });
    expect(mails[0]?.to).toEqual(['me@example.com']);
  });
});

describe('no connection', () => {
  it('is a retry: nobody listens, silence, a certificate that is not trusted', async () => {
    const retry = (error: RegExp) => ({
      ...{ state: 'retry', afterMs: null },
      error: { text: expect.stringMatching(error) },
    });
    expect(await sendBy(mailer(1))).toMatchObject(retry(/^127\.0\.0\.1:1: nobody listens/));
    const silent = await mailServer({ onConnect: () => {} });
    const hasty = mailer(silent.port, {}, { ...COMMON, timeoutMs: 100 });
    expect(await sendBy(hasty)).toMatchObject(retry(/no answer in time/));
    const tls = await mailServer({ secure: true });
    expect(await sendBy(mailer(tls.port, { isTls: true }))).toMatchObject(retry(/certificate/));
  });

  it('that is encrypted is no connection for a password, except on this machine', async () => {
    const { mails, port } = await mailServer();
    // A name of this machine that does not say so.
    const login = { user: 'me', password: 'pa55word' };
    const delivery = await sendBy(mailer(port, { host: '0.0.0.0', login }));
    const error = expect.stringContaining('has no STARTTLS, and a password is only sent encrypted');
    expect(delivery).toMatchObject({ state: 'failed', error: { text: error } });
    expect(mails).toEqual([]);
  });
});

it('is marked once there is a connection, before the message; unmarked, it is not sent', async () => {
  const { mails, port } = await mailServer();
  const seen: number[] = [];
  const send = (beforeBytes: () => Promise<void>) =>
    mailer(port).send({ id: '1', message: OFFLINE }, beforeBytes);
  await send(async () => void seen.push(mails.length));
  await expect(send(() => Promise.reject(new Error('the disk is full')))).rejects.toThrow('full');
  expect([seen, mails.length]).toEqual([[0], 1]);
  await mailer(1).send({ id: '1', message: OFFLINE }, async () => void seen.push(-1));
  expect(seen).toEqual([0]);
});
