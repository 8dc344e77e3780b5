import { expect, it } from 'vitest';
import { clientOf } from './client';
import { Memo } from './memo';

const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0.0.0 Safari/537.36';

it.each([
  [null, 'unknown'],
  ['-', 'unknown'],
  ['', 'unknown'],
  ['curl/7.88.1', 'script'],
  ['curl \\x22q\\x22 \\x5C ua', 'script'],
  ['python-requests/2.31', 'script'],
  ['Go-http-client/1.1', 'script'],
  ['git/2.39.5', 'script'],
  ['node', 'script'],
  ['Mozilla/5.0 (Windows NT 10.0; en-US) WindowsPowerShell/5.1', 'script'],
  ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', 'bot'],
  ['Uptime-Kuma/1.23', 'bot'],
  ['TelegramBot (like TwitterBot)', 'bot'],
  ['Mastodon/4.3.0 (http.rb/5.2.0; +https://mastodon.example/) Bot', 'bot'],
  ['Fuzz Faster U Fool v2.1.0-dev', 'bot'],
  ['libredtail-http', 'bot'],
  ['Mozilla/5.0 (compatible; NetcraftSurveyAgent/1.0; +info@netcraft.com)', 'bot'],
  ['Telegram/11.2', 'unknown'],
  ['PodcastAddict/v5 (+https://podcastaddict.com/; Android podcast app)', 'mobile'],
  ['Mozilla/5.0 (compatible; Miniflux/2.2.1; +https://miniflux.app)', 'browser'],
  ['Microsoft BITS/7.8', 'unknown'],
  [CHROME, 'browser'],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Mobile/15E148 Safari/604.1', 'mobile'],
])('%s is %s, the first time and every other', (userAgent, kind) => {
  expect(clientOf(userAgent)).toBe(kind);
  expect(clientOf(userAgent)).toBe(kind);
});

it('the memo keeps what is in use through a flood of others, and is bounded', () => {
  const cache = new Memo<{ n: number }>(100);
  cache.set('in use', { n: 1 });
  for (let n = 0; n < 10_000; n++) {
    cache.set(`flood ${n}`, { n });
    expect(cache.get('in use')).toEqual({ n: 1 });
  }
  const kept = Array.from({ length: 10_000 }, (_, n) => cache.get(`flood ${n}`)).filter(
    (one) => one !== undefined,
  );
  expect(kept.length).toBeLessThanOrEqual(1_124);
});
