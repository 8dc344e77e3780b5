import { TooMany } from '../domain/errors';
import { say } from '../domain/said';
import { currentLanguage, inLanguage } from '../i18n/t';
import type { Services } from '../services';
import { SECOND } from '../util/time';
import { alertResponse } from './alerts';
import { eventResponse } from './wire';

/** The interval of heartbeats, which keep proxies from closing a silent stream. */
const HEARTBEAT_MS = 20 * SECOND;
const MOST_LISTENERS = 100;
let listeners = 0;

/**
 * Streams transitions and alerts as server-sent events
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html): `event` and `alert`, each with the JSON of the
 * lists. Throws `TooMany`.
 */
export function newsStream(services: Services, signal: AbortSignal): Response {
  if (listeners >= MOST_LISTENERS) throw new TooMany(say('problems.manyListeners'), 60);
  const encoder = new TextEncoder();
  const language = currentLanguage();
  let end = () => {};
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      listeners++;
      const send = (text: string) => controller.enqueue(encoder.encode(text));
      const unsubscribe = services.subscribe((news) =>
        // News comes from jobs, which have no language of their own.
        inLanguage(language, () => {
          const [name, data] =
            'event' in news
              ? ['event', eventResponse(news.event)]
              : ['alert', alertResponse(news.alert, [], Date.now())];
          send(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
        }),
      );
      const heartbeat = setInterval(() => send(': still here\n\n'), HEARTBEAT_MS);
      end = () => {
        end = () => {};
        listeners--;
        unsubscribe();
        clearInterval(heartbeat);
      };
      signal.addEventListener('abort', () => {
        end();
        controller.close();
      });
      send('retry: 5000\n\n');
    },
    cancel: () => end(),
  });
  const headers = {
    'Content-Type': 'text/event-stream',
    // no-transform also stops Next from compressing the stream, which would delay events.
    'Cache-Control': 'no-cache, no-transform',
    'X-Accel-Buffering': 'no',
  };
  return new Response(stream, { headers });
}
