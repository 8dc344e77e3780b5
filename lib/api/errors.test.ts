import { describe, expect, it, vi } from 'vitest';
import { AppError, BadCursor, Forbidden, InvalidInput, NotFound, TooMany } from '../domain/errors';
import { say } from '../domain/said';
import { inLanguage } from '../i18n/on-server';
import { StoreUnavailable } from '../store/ports/store-unavailable';
import { TailscaleError } from '../tailscale/tailscale';
import { problemResponse } from './errors';

const problemOf = async (error: unknown) => {
  const response = problemResponse(error);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(response.headers.get('cache-control')).toBe('no-store');
  return { status: response.status, headers: response.headers, problem: await response.json() };
};

describe('the problem that an error becomes', () => {
  it.each([
    [new Forbidden('ask an admin'), 403, 'Forbidden'],
    [new NotFound('no such device'), 404, 'Not found'],
    [new AppError('conflict', 'no room'), 409, 'Conflict'],
    [new TooMany('too many pings', 5), 429, 'Too many requests'],
    [new TailscaleError('timeout', 'tailscaled is silent'), 503, 'Tailscale unavailable'],
    [new StoreUnavailable('full', 'the disk is full'), 503, 'Store unavailable'],
  ])('%s has its status, title and message', async (error, status, title) => {
    const { problem, ...answer } = await problemOf(error);
    expect(answer.status).toBe(status);
    expect(problem).toEqual({ type: 'about:blank', title, status, detail: error.message });
  });

  it('is said in the language of the request, and logged in English', async () => {
    const error = inLanguage('es', () => new NotFound(say('problems.noMute', { id: 77 })));
    expect(error.message).toBe('No mute has the number 77');
    const { problem } = await inLanguage('es', () => problemOf(error));
    expect(problem.detail).toBe('Ningún silencio tiene el número 77');
    const range = new InvalidInput({ parameter: 'from', message: say('problems.before') });
    expect(range.message).toBe('from must be before `to`');
    const { problem: wrong } = await inLanguage('es', () => problemOf(range));
    expect(wrong).toMatchObject({
      detail: 'from debe ser anterior a `to`',
      errors: [{ parameter: 'from', message: 'debe ser anterior a `to`' }],
    });
  });

  it('names each faulty parameter', async () => {
    const faults = [
      { parameter: 'limit', message: 'must be a number' },
      { parameter: 'from', message: 'must be before `to`' },
    ];
    expect((await problemOf(new InvalidInput(...faults))).problem).toEqual({
      ...{ type: 'about:blank', title: 'Bad request', status: 400, errors: faults },
      detail: 'limit must be a number; from must be before `to`',
    });
    const { problem } = await problemOf(new BadCursor());
    expect(problem.errors).toEqual([
      { parameter: 'cursor', message: 'is not a cursor of this list' },
    ]);
  });

  it('says when to try again', async () => {
    const { headers } = await problemOf(new TooMany('too many pings', 5));
    expect(headers.get('retry-after')).toBe('5');
    expect((await problemOf(new NotFound('x'))).headers.has('retry-after')).toBe(false);
  });

  it('is the same for an error of another instance of the class', async () => {
    vi.resetModules();
    const other = await import('../store/ports/store-unavailable');
    expect(other.StoreUnavailable).not.toBe(StoreUnavailable);
    const { status, problem } = await problemOf(new other.StoreUnavailable('busy', 'try again'));
    expect(status).toBe(503);
    expect(problem.detail).toBe('try again');
  });

  it.each([
    new AppError('internal', 'secret /path/in/house'),
    new AppError('config', 'secret /path/in/house'),
    Object.assign(new Error('secret /path/in/house'), { code: 'not_found' }),
    'secret /path/in/house',
  ])('does not pass on what is not for users', async (error) => {
    const { status, problem } = await problemOf(error);
    expect(status).toBe(500);
    expect(JSON.stringify(problem)).not.toContain('secret');
  });
});
