import Negotiator from 'negotiator';
import { isLanguage, LANGUAGE_COOKIE, LANGUAGES, type Language } from './languages';

type Headers = { cookie?: string; 'accept-language'?: string };

const CHOSEN = new RegExp(`(?:^|;)\\s*${LANGUAGE_COOKIE}=([\\w-]+)`);

/** Returns the language a request asks for: by its cookie, else by `Accept-Language` (RFC 9110, 12.5.4). */
export function requestLanguage(headers: Headers): Language {
  const chosen = headers.cookie?.match(CHOSEN)?.[1];
  if (isLanguage(chosen)) return chosen;
  const [preferred] = new Negotiator({ headers }).languages([...LANGUAGES]);
  return isLanguage(preferred) ? preferred : LANGUAGES[0];
}
