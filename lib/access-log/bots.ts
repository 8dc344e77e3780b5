import { createIsbotFromList, list } from 'isbot';

/** User-Agents that call themselves bots, known scanners, and health checks. */
const OWN = new RegExp(
  [
    'bots?\\b|bot[/_-]|robot|crawl|spider|slurp|scrap(?:e|er|y)\\b|archiver|fetcher|scanner|\\+https?://',
    '\\(compatible;(?! (?:MSIE|Konqueror))[^)]*https?://',
    'nmap|masscan|zgrab|zmap|nikto|nuclei|sqlmap|wpscan|dirbuster|gobuster|feroxbuster|ffuf|censys|shodan|l9explore',
    'l9\\w+/|fuzz faster|acunetix|openvas|netcraft|libredtail|getodin|patchwatch|\\(http\\.rb/',
    'uptime|kuma|gatus|pingdom|statuscake|healthcheck|health-check|kube-probe|ELB-HealthChecker|blackbox exporter',
    'check_http|nagios|icinga|zabbix|checkmk|monit/|statping|freshping|updown\\.io|better stack|site24x7|datadog',
  ].join('|'),
  'i',
);

/**
 * Names that no client has: a pattern that matches one goes by the shape of a name, and a name and a version do not
 * indicate a bot.
 */
const NEUTRAL = [
  'Qwfpzx',
  'Qwfpzx/1',
  'Qwfpzx/1.0',
  'Qwfpzx/1.2.3',
  'Qwfpzx 1.2',
  'qwfpzx-jluy/2024.11',
  'Qwfpzx/2.0 (arst)',
  'Qwfp Zxcv/20.3 (Linux)',
  'Qwfpzx/1.0; Zxcv',
  'QwfpzxQwfpzxQwfpzxQwfpzxQwfpzxQwfpzxQwfpzxQwfpzxQwfpzx/1.2',
  'Qwfpzx/1.0 (https://qwfpzx.example; me@qwfpzx.example)',
  'Qwfpzx/1.0 (https://qwfpzx.com)',
];

/** Words of isbot's list that apps have in their names as well. */
const COMMON_WORDS = [
  'agent',
  'news',
  'feed',
  'rss',
  'read',
  'reed',
  'download',
  'torrent',
  'library',
  'server',
  'proxy',
  'tools',
  'url',
  'java',
  'node',
  'preview',
  'email',
  'time/1',
  'discovery',
  'duckduckgo',
  'ddg_android',
  'capture',
  'archive',
  'catch',
];

/** isbot's maintained list without the patterns that only guess. */
const isListed = createIsbotFromList(
  list.filter((pattern) => {
    const expression = new RegExp(pattern, 'i');
    return ![...NEUTRAL, ...COMMON_WORDS].some((name) => expression.test(name));
  }),
);

/** Returns whether a User-Agent is a bot's: a crawler, a scanner, a monitor. */
export function isBot(userAgent: string): boolean {
  return OWN.test(userAgent) || isListed(userAgent);
}
