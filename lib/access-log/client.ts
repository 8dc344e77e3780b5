import type { ClientKind } from '../domain/access';
import { isApp } from './apps';
import { isBot } from './bots';
import { Memo } from './memo';

/** HTTP tools and libraries that people run: a colleague's `curl` must not disappear behind the "hide bots" switch. */
const SCRIPTS = new RegExp(
  `^(?:${[
    'curl|libcurl|wget|aria2|httpie|xh/|lynx|powershell',
    'python|aiohttp|go-http-client|go-resty|okhttp|java/|java-http-client|apache-httpclient|jakarta',
    'axios|node(?:$|/|-fetch|\\.js)|undici|got(?:/| \\()|bun/|deno/|ky/|superagent',
    'postman|insomnia|bruno|hoppscotch|thunder client|rest-?client|restsharp|\\.net|dotnet',
    'ruby|faraday|rest-client|php|guzzle|symfony|libwww-perl|lwp|reqwest|hyper/|ureq|dart',
    'git/|git-lfs|jgit|docker|containerd|podman|skopeo|buildkit|helm|kubectl|terraform|ansible',
    'npm/|pnpm/|yarn/|pip/|uv/|cargo|debian apt|apt-|dnf|rclone|restic|s3cmd|aws-cli|boto',
    'apachebench|wrk|hey/|k6/|vegeta|oha/|siege',
  ].join('|')})|WindowsPowerShell|PowerShell/`,
  'i',
);
const MOBILE = /Mobi|Android|iPhone|iPad|iPod/;
const BROWSER = /^(?:Mozilla|Opera)\//;

const kinds = new Memo<ClientKind>(5_000);

/**
 * Returns what made the request, as far as its User-Agent shows (as logged, including escapes; `null` when there was
 * none). In this order: a tool or library that people run (`script`), crawlers, scanners and monitors (`bot`) unless it
 * is an app of people's (`apps.ts`), phones and tablets (`mobile`), what calls itself Mozilla or Opera (`browser`),
 * else `unknown`. A client can claim to be anything.
 */
export function clientOf(userAgent: string | null): ClientKind {
  if (userAgent === null) return 'unknown';
  const hit = kinds.get(userAgent);
  if (hit !== undefined) return hit;
  const kind = classify(userAgent.slice(0, 1_000));
  kinds.set(userAgent, kind);
  return kind;
}

function classify(userAgent: string): ClientKind {
  if (userAgent === '' || userAgent === '-') return 'unknown';
  if (SCRIPTS.test(userAgent)) return 'script';
  if (!isApp(userAgent) && isBot(userAgent)) return 'bot';
  if (MOBILE.test(userAgent)) return 'mobile';
  return BROWSER.test(userAgent) ? 'browser' : 'unknown';
}
