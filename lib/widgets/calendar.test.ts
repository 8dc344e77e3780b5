import ICAL from 'ical.js';
import { describe, expect, it } from 'vitest';
import { TimeZone, UTC } from '../domain/time-zone';
import { inLanguage } from '../i18n/on-server';
import { calendarOf } from './calendar';

const NOW = Date.UTC(2026, 10, 27, 7, 30);
const AT = Date.UTC(2027, 2, 12, 8, 15, 30);
const expiry = (name: string, id = 'n1CNTRL', expiresAt = AT) => ({ id, name, expiresAt });

/** Reads a calendar as another program does. */
function eventsOf(text: string) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  const events = calendar.getAllSubcomponents('vevent').map((one) => new ICAL.Event(one));
  return { calendar, events };
}

describe('the calendar of key expiries', () => {
  it('is one that another program reads: time, text, alarm', () => {
    const { calendar, events } = eventsOf(calendarOf([expiry('nas')], NOW, UTC));
    expect(calendar.getFirstPropertyValue('version')).toBe('2.0');
    expect(calendar.getFirstPropertyValue('x-wr-calname')).toBe('Tailscale key expiries');
    const [event] = events;
    expect(event?.summary).toBe('Key of nas expires');
    expect(event?.startDate.toJSDate().getTime()).toBe(AT);
    expect(event?.startDate.zone.tzid).toBe('UTC');
    expect(event?.description).toContain('expires on 2027-03-12 08:15:30 UTC.');
    expect(event?.component.getFirstPropertyValue('dtstamp')?.toString()).toBe(
      '2026-11-27T07:30:00Z',
    );
    const alarm = event?.component.getFirstSubcomponent('valarm');
    expect(alarm?.getFirstPropertyValue('trigger')?.toString()).toBe('-P7D');
  });

  it('has a UID for each device, which stays when its key is renewed or it is renamed', () => {
    const uid = (...given: Parameters<typeof expiry>) =>
      eventsOf(calendarOf([expiry(...given)], NOW, UTC)).events[0]?.uid;
    expect(uid('nas')).toBe(uid('nas-2', 'n1CNTRL', AT + 1_000));
    expect(uid('nas')).not.toBe(uid('nas', 'n2CNTRL'));
    expect(uid('nas')).toMatch(/^[0-9a-f]{32}@tailnet-observatory$/);
  });

  it('is empty, and still a calendar, when no key expires', () => {
    expect(eventsOf(calendarOf([], NOW, UTC)).events).toEqual([]);
  });

  it.each([
    ['separators', 'a;b,c\\d:e"f'],
    ['a line of its own', 'x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:evil'],
    ['many octets a letter', '漢字かな'.repeat(40)],
    ['pictures', '👩‍👩‍👧‍👦'.repeat(20)],
    ['control characters', 'a\u0000b\u001bc\u007fd'],
    ['half a letter', 'x\ud800y'],
  ])('holds any name as it is: %s', (_, name) => {
    const text = calendarOf([expiry(name), expiry('other', 'n2CNTRL')], NOW, UTC);
    const { events } = eventsOf(text);
    expect(events).toHaveLength(2);
    const shown = Buffer.from(name).toString().replace(/\r\n/g, '\n');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are left out.
    const plain = shown.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '');
    expect(events[0]?.summary).toBe(`Key of ${plain} expires`);
    expect(text.endsWith('END:VCALENDAR\r\n')).toBe(true);
    for (const line of text.slice(0, -2).split('\r\n')) {
      expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
      expect(line).not.toMatch(/[\r\n]/);
      expect(Buffer.from(line).toString()).toBe(line);
    }
  });

  it('speaks the language of who asks, in the zone of the service', () => {
    const text = inLanguage('es', () =>
      calendarOf([expiry('nas')], NOW, new TimeZone('Asia/Tokyo')),
    );
    const [event] = eventsOf(text).events;
    expect(event?.summary).toBe('Caduca la clave de nas');
    expect(event?.description).toContain('2027-03-12 17:15:30 UTC+9');
  });
});
