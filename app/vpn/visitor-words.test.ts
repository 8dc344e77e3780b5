import { expect, test } from 'vitest';
import { inLanguage } from '@/lib/i18n/on-server';
import { besidePeopleWords, isPerson, userName, visitorWords } from './visitor-words';

const plain = (words: string) => words.replaceAll('\u00a0', ' ');
const counts = (people: number, servers: number, unnamed_addresses: number) => ({
  ...{ people, servers, unnamed_addresses },
});

test.each([
  [counts(4, 4, 0), '4 people, 4 servers', '4 servers'],
  [counts(1, 1, 1), '1 person, 1 server, 1 unnamed address', '1 server, 1 unnamed address'],
  [counts(0, 0, 5), '5 unnamed addresses', '5 unnamed addresses'],
  [counts(1200, 0, 0), '1,200 people', ''],
  [counts(0, 0, 0), '', ''],
])('people, servers and unnamed addresses are named apart: %j', (given, all, beside) => {
  expect(plain(visitorWords(given))).toBe(all);
  expect(plain(besidePeopleWords(given))).toBe(beside);
});

test('in Spanish too', () => {
  const words = inLanguage('es', () => visitorWords(counts(1200, 1, 2)));
  expect(plain(words)).toBe('1200 personas, 1 servidor, 2 direcciones sin nombre');
});

test('tags of servers and clients without a name are no people', () => {
  const users = ['ana@example.com', 'bob', 'tag:web', 'unknown', 'loopback', 'non-tailnet'];
  expect(users.filter(isPerson)).toEqual(['ana@example.com', 'bob']);
  expect(userName({ user: 'unknown', name: 'unknown' })).toBe('Unnamed addresses');
  expect(userName({ user: 'ana@example.com', name: 'Ana' })).toBe('Ana');
  expect(userName({ user: 'tag:web', name: '' })).toBe('tag:web');
});
