import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** A request as it came, byte for byte. `time` is when its last byte did. */
type TelegramRequest = {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
  time: number;
};

/** What happens to one request instead of the usual. */
export type TelegramFault =
  | { kind: 'too_many'; retryAfter: number }
  | { kind: 'answer'; status: number; body: string }
  /** Cuts the connection before anything is delivered. */
  | { kind: 'reset' }
  /** Delivers the message, then cuts the connection instead of answering. */
  | { kind: 'reset_after' }
  /** Delivers the message, and never answers. */
  | { kind: 'hang' };

export type FakeTelegramOptions = { token?: string; port?: number };
export type FakeTelegram = Awaited<ReturnType<typeof fakeTelegram>>;

const TAGS = /<(\/?)([a-z]+)(?: href="[^"<>]*")?>/g;

/**
 * A Telegram Bot API that is none: real HTTP on loopback, sendMessage only, refusing what the real one refuses (a wrong
 * token, an empty or too long text, markup that does not close). Already listening when it resolves.
 */
export async function fakeTelegram(options: FakeTelegramOptions = {}) {
  const token = options.token ?? '123456:TEST-token';
  const requests: TelegramRequest[] = [];
  const delivered: { chat_id: string; text: string }[] = [];
  const faults: TelegramFault[] = [];

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString('utf8');
    const { method = '', url = '', headers } = request;
    requests.push({ method, url, headers, body, time: Date.now() });
    const fault = faults.shift();
    if (fault?.kind === 'reset') return void request.socket.resetAndDestroy();
    if (fault?.kind === 'answer') return answer(response, fault.status, fault.body);
    if (fault?.kind === 'too_many') {
      const { retryAfter } = fault;
      const parameters = { retry_after: retryAfter };
      return refuse(response, 429, `Too Many Requests: retry after ${retryAfter}`, parameters);
    }
    if (url !== `/bot${token}/sendMessage`) return refuse(response, 404, 'Not Found');
    const { chat_id, text, parse_mode } = JSON.parse(body);
    if (!chat_id) return refuse(response, 400, 'Bad Request: chat_id is empty');
    if (!text) return refuse(response, 400, 'Bad Request: message text is empty');
    if (text.length > 4096) return refuse(response, 400, 'Bad Request: message is too long');
    if (parse_mode === 'HTML' && !isWellFormed(text)) {
      return refuse(response, 400, "Bad Request: can't parse entities");
    }
    delivered.push({ chat_id, text });
    if (fault?.kind === 'reset_after') return void request.socket.resetAndDestroy();
    if (fault?.kind === 'hang') return;
    const result = { message_id: delivered.length, text };
    answer(response, 200, JSON.stringify({ ok: true, result }));
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;

  return {
    url: `http://127.0.0.1:${port}`,
    port,
    token,
    /** Every request, answered or not. */
    requests,
    /** The messages that people got. */
    delivered,
    /** These happen to the next requests, one each. */
    next: (...script: TelegramFault[]) => void faults.push(...script),
    /** Nobody listens any more. */
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function refuse(
  response: ServerResponse,
  status: number,
  description: string,
  parameters?: object,
) {
  const error = { ok: false, error_code: status, description, parameters };
  answer(response, status, JSON.stringify(error));
}

function answer(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
}

/** Whether Telegram would take it: known tags that nest and close, and no bare `<`, `>` or `&`. */
function isWellFormed(html: string): boolean {
  const open: string[] = [];
  for (const [, slash, name = ''] of html.matchAll(TAGS)) {
    if (!['a', 'b', 'i', 'code'].includes(name)) return false;
    if (!slash) open.push(name);
    else if (open.pop() !== name) return false;
  }
  const text = html.replace(TAGS, '').replace(/&(amp|lt|gt|quot);/g, '');
  return open.length === 0 && !/[<>&]/.test(text);
}
