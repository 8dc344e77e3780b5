import type { Page } from '@playwright/test';

/** What reaches beyond the right edge, where the page scrolls sideways. */
export const overflow = (page: Page) =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    return [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > clientWidth + 1)
      .map(({ tagName, className, textContent }) => `${tagName}.${className}: ${textContent}`)
      .map((text) => text.slice(0, 80));
  });
