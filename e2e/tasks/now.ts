import { expect } from '@playwright/test';
import { LANGUAGE_NAMES } from '../../lib/i18n/languages';
import { countIn, Reader } from './reader';

// Tasks that ask how things are, or change something.

export async function isAnythingFiring(reader: Reader): Promise<void> {
  const { page } = reader;
  await reader.open('/vpn');
  const menu = page.getByRole('navigation', { name: reader.say('common.pages') });
  const firing = reader.say('common.firing', { count: 2 });
  await expect(menu.getByRole('link', { name: firing })).toHaveText(/[2-9]/);
  const title = reader.say('alertTexts.offline', { device: 'garage-cam' });
  await reader.region('dashboard.problems').getByRole('link', { name: title }).click();
  await expect(page).toHaveURL(/\/vpn\/health#alerts$/);
  const alert = reader.region('alerts.title').getByRole('listitem').first();
  await expect(alert).toContainText(title);
  await expect(alert).toContainText(reader.say('alerts.firing', { length: '' }).trim());
}

export async function whereAndWhyRelayed(reader: Reader): Promise<void> {
  const { page } = reader;
  await reader.open('/vpn/health');
  await expect(reader.region('alerts.whyRelayed')).toBeVisible();
  const alerts = reader.region('alerts.title');
  await alerts.getByText(/\(\d+\)$/).click();
  const title = reader.say('alertTexts.relayed', { device: 'exit-ams' });
  const alert = alerts.getByRole('listitem').filter({ hasText: title }).first();
  await expect(alert).toContainText('DERP ams');
  await expect(alert).toContainText('[2001:db8:5::5]:41641');
  await alert.getByRole('link', { name: 'exit-ams', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('exit-ams');
}

export async function whoIsSlow(reader: Reader): Promise<void> {
  await reader.open('/vpn');
  const slowest = { name: '', latency: 0 };
  for (const row of await reader.rows('connections.caption').all()) {
    const text = (await row.getByRole('cell').nth(1).textContent()) ?? '';
    const latency = Number.parseFloat(text.replace(',', '.'));
    if (!(latency > slowest.latency)) continue;
    Object.assign(slowest, { latency, name: await row.getByRole('link').first().textContent() });
  }
  expect(slowest.name).toBe('ci-runner');
  const connections = reader.region('connections.title');
  await connections.getByRole('link', { name: slowest.name }).click();
  await expect(reader.page.getByRole('heading', { level: 1 })).toContainText('ci-runner');
  await expect(reader.region('device.history')).toContainText(reader.say('device.average'));
}

export async function findsADevice(reader: Reader): Promise<void> {
  const { page } = reader;
  await reader.open('/vpn/health');
  // The page listens once its scripts have run.
  await expect(async () => {
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('dialog')).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await page.keyboard.type('nas');
  await expect(page.getByRole('dialog').getByRole('combobox')).toHaveValue('nas');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/vpn\/devices\/\w+$/);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('nas');

  // One that does not exist is said not to, beside what it may have been.
  await reader.open('/vpn/devices/gti');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(reader.say('device.noSuch'));
  await page.getByRole('main').getByRole('link', { name: 'git', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('git');
}

export async function mutesAndUndoes(reader: Reader): Promise<void> {
  const { page } = reader;
  await reader.open('/vpn/health');
  const alerts = reader.region('alerts.title');
  const title = reader.starting('alertTexts.keyExpires', { device: 'workshop-pi', duration: '' });
  const alert = alerts
    .getByRole('listitem')
    .filter({ has: page.getByText(title) })
    .first();
  await alert.getByRole('button', { name: reader.starting('alerts.acknowledge') }).click();
  await expect(alert.getByText(reader.say('alerts.acknowledged'))).toBeFocused();
  const undo = reader.starting('alerts.undoOf', { title: '' });
  await alert.getByRole('button', { name: undo }).click();
  await expect(alert.getByText(reader.say('alerts.undone'))).toBeFocused();
  const length = reader.say('alerts.hours', { count: 8 });
  const mute = reader.starting('alerts.muteFor', { length, title: '' });
  await alert.getByRole('button', { name: mute }).click();
  await expect(alert.getByText(reader.say('alerts.mutedFor', { length }))).toBeFocused();
  const unmute = alerts.getByRole('button', { name: reader.starting('alerts.unmute') });
  await unmute.click();
  await expect(unmute).toHaveCount(0);
  await expect(alerts.getByText(reader.say('alerts.unmuted', { name: '' }).trim())).toBeFocused();
  await reader.open('/vpn/audit');
  const done = page.getByRole('row').filter({ hasText: 'workshop-pi' });
  expect(await done.count()).toBeGreaterThanOrEqual(4);
}

export async function howManyPeople(reader: Reader): Promise<void> {
  const { page } = reader;
  await reader.open('/vpn');
  const people = reader.rows('dashboard.byPerson');
  const servers = reader.rows('dashboard.byServer');
  await expect(people.first()).toBeVisible();
  await expect(people.filter({ hasText: 'tag:' })).toHaveCount(0);
  await expect(servers.filter({ hasText: 'tag:ci' })).toHaveCount(1);
  for (const [rows, key] of [
    [people, 'dashboard.personCount'],
    [servers, 'dashboard.serverCount'],
  ] as const) {
    const count = await rows.count();
    await expect(page.getByRole('main').getByRole('paragraph').first()).toContainText(
      reader.say(key, { count }),
    );
  }
}

export async function whichKeyExpiresFirst(reader: Reader): Promise<void> {
  const { page } = reader;
  await reader.open('/vpn');
  const devices = reader.region('deviceList.title');
  const header = devices.getByRole('columnheader', { name: reader.say('deviceList.expiry') });
  await header.getByRole('button').click();
  await expect(header).toHaveAttribute('aria-sort', 'ascending');
  const first = reader.rows('deviceList.caption').first();
  await expect(first).toContainText('workshop-pi');
  await first
    .getByRole('link', { name: reader.say('usage.details', { name: 'workshop-pi' }) })
    .click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('workshop-pi');
  await expect(reader.region('device.details')).toContainText(reader.say('device.keyExpires'));
}

export async function whichModelIsDegraded(reader: Reader): Promise<void> {
  const { page } = reader;
  await reader.open('/vpn');
  await reader.follow('common.models');
  const rows = reader.rows('models.caption');
  await expect(rows.filter({ hasText: reader.say('models.worse') })).toHaveCount(1);
  await expect(rows.first()).toContainText(reader.say('models.worse'));
  await rows.first().getByRole('link', { name: 'requests/prophet' }).click();
  await expect(page).toHaveURL(/model=requests%2Fprophet/);
  await expect(page.getByRole('region', { name: 'requests/prophet' })).toContainText('MAE');
}

export async function whichServiceHasErrors(reader: Reader): Promise<void> {
  const { page } = reader;
  await reader.open('/vpn');
  await page.getByRole('link', { name: reader.say('dashboard.allServices') }).click();
  await expect(page).toHaveURL(/\/vpn\/services/);
  const rows = reader.rows('usage.byService');
  await expect(rows.first()).toBeVisible();
  const errors = new Map<string, number>();
  for (const row of await rows.all()) {
    const name = (await row.getByRole('link').first().textContent()) ?? '';
    errors.set(name, countIn(await row.getByRole('cell').nth(4).textContent()));
  }
  const [[worst = ''] = []] = [...errors].sort(([, a], [, b]) => b - a);
  expect(worst).toBe('metrics.demo-otter.example');
  await rows.getByRole('link', { name: worst }).click();
  await expect(page).toHaveURL(/host=metrics/);
  await expect(reader.region('dashboard.byStatus')).toContainText('404');
}

export async function changesLanguageAndZone(reader: Reader): Promise<void> {
  const { page } = reader;
  await reader.open('/vpn/devices/garage-cam?hours=168');
  const footer = page.getByRole('contentinfo');
  // There once the page's scripts have run, which listen to both choices.
  const zones = footer.getByRole('combobox', { name: reader.starting('common.timesIn') });
  const languages = footer.getByRole('combobox', { name: reader.say('common.language') });
  const other = reader.language === 'en' ? 'es' : 'en';
  const now = new Reader(page, reader.url, other, 'UTC');
  await zones.selectOption('UTC');
  await expect(reader.region('events.title')).toContainText('05:10');
  await expect(zones).toBeVisible();
  await languages.selectOption(LANGUAGE_NAMES[other]);
  await expect(now.region('events.title')).toContainText(now.say('events.node_offline'));
  await expect(page.locator('html')).toHaveAttribute('lang', other);
  await now.follow('common.models');
}
