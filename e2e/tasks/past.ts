import { readFile } from 'node:fs/promises';
import { expect } from '@playwright/test';
import { DAY, HOUR, MINUTE } from '../../lib/util/time';
import { countIn, type Reader } from './reader';

// Tasks that ask about the past: who, when, how much.

/** Fills the form of a custom range with yesterday evening. */
async function chooseEvening(reader: Reader, names: 'view' | 'device'): Promise<void> {
  const { page } = reader;
  const yesterday = reader.dateOf(Date.now() - DAY);
  const range = page.getByRole('navigation', { name: reader.say(`${names}.range`) });
  await range.getByText(reader.say('view.custom'), { exact: true }).click();
  await page.getByLabel(reader.say('view.from'), { exact: true }).fill(`${yesterday}T18:00`);
  await page.getByLabel(reader.say('view.to'), { exact: true }).fill(`${yesterday}T20:00`);
  await page.getByRole('button', { name: reader.say('view.showRange') }).click();
  await expect(page).toHaveURL(/from=/);
  await expect(range).toContainText('18:00');
  await expect(range).toContainText('20:00');
}

export async function whoReachedWhat(reader: Reader): Promise<void> {
  const { page } = reader;
  await reader.open('/vpn');
  await chooseEvening(reader, 'view');
  await reader.follow('common.accesses');
  const from = new Date(reader.yesterdayAt('18:00')).toISOString();
  const to = new Date(reader.yesterdayAt('20:00')).toISOString();
  const answer = await fetch(`${reader.url}/analytics/access-logs?from=${from}&to=${to}`);
  const { total: count } = await answer.json();
  expect(count).toBeGreaterThan(0);
  const list = reader.region('accessList.newestFirst');
  await expect(list).toContainText(reader.say('usage.accessCount', { count }));
  const rows = reader.rows('accessList.caption');
  expect(await rows.count()).toBe(Math.min(count, 100));
  for (const text of await rows.allTextContents()) expect(text).toMatch(/\b1[89]:\d\d/);
  await expect(rows.first().getByRole('link').first()).toHaveText(/@|tag:/);
  await expect(page).toHaveURL(/from=.*to=/);
}

export async function exportsAllOfOne(reader: Reader): Promise<void> {
  const { page } = reader;
  await reader.open('/vpn');
  await reader.region('dashboard.peopleAndServers').getByRole('link', { name: 'Bob' }).click();
  await expect(page).toHaveURL(/user=bob/);
  const menu = page.getByRole('navigation', { name: reader.say('common.pages') });
  await expect(menu.locator('a[href*="user=bob"]').first()).toBeAttached();
  await reader.follow('common.accesses');
  const offer = page.getByRole('paragraph').filter({
    has: page.getByRole('link', { name: 'JSON Lines', exact: true }),
  });
  // Bob may have come again between the page and the file.
  await expect(async () => {
    await page.reload();
    const count = countIn(await offer.textContent());
    expect(count).toBeGreaterThan(100);
    const saved = page.waitForEvent('download');
    await offer.getByRole('link', { name: 'CSV', exact: true }).click();
    const file = await (await saved).path();
    const [, ...lines] = (await readFile(file, 'utf8')).trimEnd().split('\r\n');
    expect(lines).toHaveLength(count);
    for (const line of lines) expect(line).toContain('bob@example.com');
  }).toPass();
}

export async function findsByPrefix(reader: Reader): Promise<void> {
  const { page } = reader;
  await reader.open('/vpn/accesses');
  const filter = page.getByRole('combobox', { name: reader.say('view.filterLabel') });
  await filter.fill('endpoint:/factory/*');
  await filter.press('Enter');
  await expect(page).toHaveURL(/endpoint=/);
  const rows = reader.rows('accessList.caption');
  await expect.poll(() => rows.filter({ hasText: '/factory/' }).count()).toBeGreaterThan(10);
  await expect(rows.filter({ hasNotText: '/factory/' })).toHaveCount(0);
}

export async function looksAtOneEvening(reader: Reader): Promise<void> {
  await reader.open('/vpn/devices/git');
  await chooseEvening(reader, 'device');
  const during = reader.say('device.duringCustom');
  const drawn = reader.region('device.history').getByRole('img', { name: during });
  await expect(drawn.first()).toBeVisible();
}

export async function whenItWentOffline(reader: Reader): Promise<void> {
  const { page } = reader;
  await reader.open('/vpn');
  const connections = reader.region('connections.title');
  await connections.getByRole('link', { name: 'garage-cam' }).click();
  await page.getByRole('link', { name: reader.say('device.label168'), exact: true }).click();
  await expect(page).toHaveURL(/hours=168/);
  // The demo's camera falls silent at ten past five (UTC), an hour ago or more.
  const morning = 5 * HOUR + 10 * MINUTE;
  const silent = Math.floor((Date.now() - HOUR - morning) / DAY) * DAY + morning;
  const event = reader
    .region('events.title')
    .getByRole('listitem')
    .filter({ hasText: reader.say('events.node_offline') });
  await expect(event.first()).toContainText(reader.clockOf(silent));
}

export async function howMuchTraffic(reader: Reader): Promise<void> {
  const { page } = reader;
  await reader.open('/vpn');
  await reader.follow('common.traffic');
  const main = page.getByRole('main');
  await expect(main.getByText(reader.say('traffic.month'), { exact: true })).toBeVisible();
  const byDerp = main.getByText(/DERP/).first();
  await expect(byDerp).toContainText(/\d[\d.,]*\s[kMGT]?B\b.*\d\s?%/);
  const over = reader.region('traffic.overTime');
  await over.getByRole('link', { name: reader.say('traffic.by_device') }).click();
  await expect(page).toHaveURL(/by=device/);
  await expect(over.getByRole('listitem').filter({ hasText: 'nas' })).toBeVisible();
}

export async function errorsOfTheLog(reader: Reader): Promise<void> {
  const { page } = reader;
  await reader.open('/vpn');
  await reader.follow('common.log');
  const level = page.getByRole('combobox', { name: reader.say('logs.level') });
  const search = page.getByRole('button', { name: reader.say('logs.search'), exact: true });
  const lines = reader.region('logs.newestFirst').getByRole('listitem');
  const error = reader.say('logs.levelERROR');
  const warning = reader.say('logs.levelWARNING');
  await level.selectOption(reader.say('logs.warningUp'));
  await search.click();
  await expect(page).toHaveURL(/level=WARNING/);
  const either = new RegExp(`${error}|${warning}`);
  // The address is there before the page is, which has no line at first.
  await expect(lines.first()).toBeVisible();
  await expect(lines.filter({ hasNotText: either })).toHaveCount(0);
  await level.selectOption(reader.say('logs.errors'));
  await search.click();
  await expect(page).toHaveURL(/level=ERROR/);
  await expect(lines.first().or(page.getByText(reader.say('logs.noMatch')))).toBeVisible();
  await expect(lines.filter({ hasNotText: error })).toHaveCount(0);
}
