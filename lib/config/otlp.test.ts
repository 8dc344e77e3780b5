import { expect, it } from 'vitest';
import { readConfig } from './config';

it('pushes nothing unless it is said where', () => {
  expect(readConfig({}).otlp).toBeNull();
  expect(readConfig({ OTLP_HEADERS_SECRET: 'a=b', OTLP_INTERVAL_SECONDS: '30' }).otlp).toBeNull();
});

it('takes an address, headers and an interval', () => {
  const env = {
    OTLP_ENDPOINT: 'http://127.0.0.1:4318/',
    OTLP_HEADERS_SECRET: 'Authorization=Bearer a=b, api-key=x',
    OTLP_INTERVAL_SECONDS: '300',
  };
  expect(readConfig(env).otlp).toEqual({
    url: 'http://127.0.0.1:4318',
    headers: { Authorization: 'Bearer a=b', 'api-key': 'x' },
    intervalMs: 300_000,
  });
});

it('refuses what is no header, without repeating it, and an interval that fits no hour', () => {
  const read = () =>
    readConfig({ OTLP_HEADERS_SECRET: 'hunter2', OTLP_INTERVAL_SECONDS: '45', OTLP_ENDPOINT: 'x' });
  expect(read).toThrow(/OTLP_HEADERS_SECRET: must be headers/);
  expect(read).not.toThrow(/hunter2/);
  expect(read).toThrow(/OTLP_INTERVAL_SECONDS: must be 30/);
  expect(read).toThrow(/OTLP_ENDPOINT: must be an http URL/);
});
