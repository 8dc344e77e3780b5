import { expect, test } from 'vitest';
import { besidePeopleWords, visitorWords } from './visitor-words';

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
