import { describe, expect, it } from 'vitest';
import { RESOLUTIONS } from './resolutions';

describe('the resolutions', () => {
  it('are multiples of each other', () => {
    RESOLUTIONS.slice(1).forEach((resolution, i) => {
      expect(resolution % (RESOLUTIONS[i] ?? 1)).toBe(0);
    });
  });
});
