const YEAR_SECONDS = 365 * 24 * 3600;

/** Keeps a reader's choice for the next time; an empty one forgets it. */
export function keepInCookie(name: string, value: string): void {
  const age = value === '' ? 0 : YEAR_SECONDS;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser.
  document.cookie = `${name}=${value}; path=/; max-age=${age}; SameSite=Lax`;
}

/** Remembers a reader's choice, which the server renders by, and loads the page again; an empty one forgets it. */
export function rememberInCookie(name: string, value: string): void {
  keepInCookie(name, value);
  window.location.reload();
}
