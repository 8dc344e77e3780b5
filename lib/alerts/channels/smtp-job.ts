import type SMTPConnection from 'nodemailer/lib/smtp-connection';

/** What went wrong: nodemailer's code, and the server's answer where there is one. */
export type SmtpFault = { code: string; status: number | null; said: string };

type Done<T> = (error?: Error | null, value?: T) => void;

/**
 * Runs the steps of one delivery over a connection, all of them together within `timeoutMs`. A step rejects with what
 * broke the connection, too.
 */
export function jobOf(connection: SMTPConnection, timeoutMs: number) {
  let fail: (error: Error) => void = () => {};
  const broken = new Promise<never>((_resolve, reject) => {
    fail = reject;
  });
  // Between two steps nobody waits for it.
  broken.catch(() => {});
  connection.on('error', fail);
  connection.on('end', () => fail(new Fault('ECONNECTION')));
  const timer = setTimeout(() => fail(new Fault('ETIMEDOUT')), timeoutMs);
  return {
    step: <T = void>(begin: (done: Done<T>) => void): Promise<T | undefined> =>
      Promise.race([
        broken,
        new Promise<T | undefined>((resolve, reject) => {
          begin((error, value) => (error ? reject(error) : resolve(value)));
        }),
      ]),
    /** Takes leave where the server still listens, and cuts the connection where it does not. */
    end: (isWell: boolean) => {
      clearTimeout(timer);
      if (isWell) connection.quit();
      else connection.close();
    },
  };
}

class Fault extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

/** Returns what an error of nodemailer says (https://nodemailer.com/errors). */
export function smtpFaultOf(error: unknown): SmtpFault {
  const { code, responseCode, response, message } = Object(error);
  const isUntrusted = typeof message === 'string' && /certificate|altname/i.test(message);
  return {
    code: isUntrusted ? 'ETLS' : typeof code === 'string' ? code : 'ESOCKET',
    status: typeof responseCode === 'number' ? responseCode : null,
    said: typeof response === 'string' ? response : '',
  };
}
