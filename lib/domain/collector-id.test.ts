import { describe, expect, it } from 'vitest';
import { formerId, idBehind, parseId, SHOWN_ID, shownId } from './collector-id';

describe('what an alert is called', () => {
  it('is its number, or its collector and its number', () => {
    expect(parseId('12')).toEqual({ collector: null, id: 12 });
    expect(parseId('nas.home-1/12')).toEqual({ collector: 'nas.home-1', id: 12 });
    expect(shownId('east', 12)).toBe('east/12');
    expect('east/12').toMatch(SHOWN_ID);
  });

  it.each(['', '0', '-1', '1.5', 'east', 'east/', '/12', 'east/0', 'a/b/12', 'east/12/', 'a b/1'])(
    'is not %j',
    (text) => expect(parseId(text)).toBeNull(),
  );

  it('was a number made of both: it is known by its collector, and by hardly any other', () => {
    // As the previous version made them.
    expect(formerId('main', 7)).toBe(7_801);
    expect(formerId('east', 1)).toBe(1_789);
    expect(idBehind('main', 7_801)).toBe(7);
    expect(idBehind('east', 7_801)).toBeNull();
    expect(idBehind('main', 801)).toBeNull();
  });
});
