import { describe, expect, it } from 'vitest';
import { isOurHost } from './host-check';

describe('a name we are called by', () => {
  const self = { hostname: 'factory', dnsName: 'factory.tail1234.ts.net' };
  it.each([
    'localhost:3000',
    '127.0.0.1',
    '[::1]:3000',
    '100.64.0.1:3000',
    'factory',
    'FACTORY.tail1234.ts.net',
    'factory.tail1234.ts.net.',
    'dash.example.com',
  ])('%s is ours', (host) => {
    expect(isOurHost(host, self, ['dash.example.com'])).toBe(true);
  });
  it.each([
    undefined,
    '',
    'evil.example',
    'localhost.evil.example',
    'factory.evil.example',
    '127.0.0.1.evil.example',
    'a@localhost',
    'localhost/x',
    'localhost:3000:1',
    '[::1',
    'git',
  ])('%s is not', (host) => {
    expect(isOurHost(host, self, ['dash.example.com'])).toBe(false);
  });
});
