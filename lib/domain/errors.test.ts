import { describe, expect, it, vi } from 'vitest';
import { AppError, BadCursor, InvalidInput, isAppError, TooMany } from './errors';

describe('an error of ours', () => {
  it('is recognised when another instance of the module has made it', async () => {
    vi.resetModules();
    const other = await import('./errors');
    const error: unknown = new other.NotFound('no such device');
    expect(error).not.toBeInstanceOf(AppError);
    expect(isAppError(error) && error.code).toBe('not_found');
    expect(isAppError(error) && error.userFacing).toBe(true);
  });

  it('is not one that only has a code', () => {
    expect(isAppError(Object.assign(new Error('no file'), { code: 'ENOENT' }))).toBe(false);
    expect(isAppError({ code: 'not_found', message: 'x' })).toBe(false);
  });

  it('keeps its message from users when it is internal', () => {
    expect(new AppError('internal', 'secret').userFacing).toBe(false);
  });

  it('names every parameter that is wrong', () => {
    const limit = { parameter: 'limit', message: 'must be a number' };
    const from = { parameter: 'from', message: 'must be before `to`' };
    const error = new InvalidInput(limit, from);
    expect(error).toMatchObject({ code: 'invalid', faults: [limit, from] });
    expect(error.message).toBe('limit must be a number; from must be before `to`');
    expect(new BadCursor().message).toBe('cursor is not a cursor of this list');
  });

  it('says when to try again', () => {
    expect(new TooMany('too many', 5)).toMatchObject({ code: 'too_many', retryAfterSeconds: 5 });
    expect(new AppError('conflict', 'twice').retryAfterSeconds).toBeNull();
  });
});
