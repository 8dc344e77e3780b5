import { describe, expect, it, vi } from 'vitest';
import { processWide } from './process-registry';

describe('what a process has one of', () => {
  it('is made once, and found by its name', () => {
    const make = vi.fn(() => ({ count: 0 }));
    processWide('test.counter', make).count++;
    expect(processWide('test.counter', make)).toEqual({ count: 1 });
    expect(make).toHaveBeenCalledTimes(1);
    expect(processWide('test.other', make)).toEqual({ count: 0 });
  });

  it('is the same for another instance of the module', async () => {
    const made = processWide('test.shared', () => ({}));
    vi.resetModules();
    const other = await import('./process-registry');
    expect(other.processWide).not.toBe(processWide);
    expect(other.processWide('test.shared', () => ({}))).toBe(made);
  });
});
