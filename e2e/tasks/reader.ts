import { expect, type Page } from '@playwright/test';
import type { Language } from '../../lib/i18n/languages';
import type { MessageKey } from '../../lib/i18n/messages';
import { inLanguage } from '../../lib/i18n/on-server';
import { t, type Values } from '../../lib/i18n/t';
import { DAY, MINUTE } from '../../lib/util/time';

/** Someone who has just opened the demo: what they see is in their language, its times in their zone. */
export class Reader {
  constructor(
    readonly page: Page,
    readonly url: string,
    readonly language: Language,
    readonly zone: string,
  ) {}

  async open(address: string): Promise<void> {
    const { url, language } = this;
    // Firefox takes the end of a page that is left while it loads for the end of the next one.
    await this.page.waitForLoadState();
    await this.page.context().addCookies([{ name: 'language', value: language, url }]);
    await this.page.goto(url + address);
    await expect(this.page.getByRole('heading', { level: 1 })).toBeAttached();
  }

  /** Returns a text as this reader sees it. */
  say(key: MessageKey, values?: Values): string {
    return inLanguage(this.language, () => t(key, values));
  }

  /** Returns what matches a text of this reader's language at the start of a name. */
  starting(key: MessageKey, values?: Values): RegExp {
    const text = this.say(key, values).trim();
    return new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s/g, '\\s')}`);
  }

  /** Goes to a page by the menu, which keeps the range and the filters. */
  async follow(name: MessageKey): Promise<void> {
    const menu = this.page.getByRole('navigation', { name: this.say('common.pages') });
    await menu.getByRole('link', { name: this.starting(name) }).click();
    await expect(menu.locator('[aria-current=page]')).toContainText(this.say(name));
  }

  region(name: MessageKey) {
    return this.page.getByRole('region', { name: this.starting(name) });
  }

  /** Returns the rows of a table below its head. */
  rows(caption: MessageKey) {
    const table = this.page.getByRole('table', { name: this.say(caption), exact: true });
    return table.getByRole('row').filter({ hasNot: this.page.getByRole('columnheader') });
  }

  /** Returns the date that clocks in this reader's zone show. */
  dateOf(time: number): string {
    return new Intl.DateTimeFormat('sv-SE', { timeZone: this.zone }).format(time);
  }

  clockOf(time: number): string {
    const options = { timeZone: this.zone, hour: '2-digit', minute: '2-digit' } as const;
    return new Intl.DateTimeFormat('sv-SE', options).format(time);
  }

  /** Returns the moment at which this reader's clocks showed an hour of yesterday. */
  yesterdayAt(hour: string): number {
    const date = this.dateOf(Date.now() - DAY);
    const noon = Date.parse(`${date}T12:00:00Z`);
    for (let time = noon - 1.5 * DAY; time < noon + 1.5 * DAY; time += 15 * MINUTE) {
      if (this.dateOf(time) === date && this.clockOf(time) === hour) return time;
    }
    throw new Error(`${this.zone} had no ${hour} on ${date}`);
  }
}

/** Returns a count that is shown with or without separators. */
export const countIn = (text: string | null) => Number(text?.replace(/\D/g, ''));
