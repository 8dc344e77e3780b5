import { describe, expect, it } from 'vitest';
import { USUAL_COLUMNS } from './inventory-columns';
import { inventoryHref, parseInventoryView, rememberedColumns } from './inventory-view';

const parse = (query: string, remembered = USUAL_COLUMNS) =>
  parseInventoryView(new URLSearchParams(query), remembered);

describe('the address of the inventory', () => {
  it('is short for the usual view', () => {
    expect(inventoryHref(parse(''), USUAL_COLUMNS)).toBe('/vpn/devices');
  });

  it('holds everything that was chosen', () => {
    const query =
      'find=pi&os=linux&tag=tag%3Aserver&version=1.102.5&show=behind&sort=-version&page=3&collector=attic&column=name&column=os&column=nat';
    const view = parse(query);
    expect(view).toEqual({
      ...{ find: 'pi', os: 'linux', tag: 'tag:server', version: '1.102.5', show: 'behind' },
      ...{ sort: { key: 'version', descending: true }, columns: ['os', 'nat'], page: 3 },
      collector: 'attic',
    });
    expect(inventoryHref(view, USUAL_COLUMNS)).toBe(`/vpn/devices?${query}`);
  });

  it('can say that no column but the name is shown', () => {
    expect(parse('column=name').columns).toEqual([]);
    expect(inventoryHref(parse('column=name'), USUAL_COLUMNS)).toBe('/vpn/devices?column=name');
  });

  it('leaves out what is not valid', () => {
    const view = parse(`show=all&sort=shoe&column=__proto__&find=${'x'.repeat(999)}`);
    expect(view).toMatchObject({ show: null, sort: { key: 'name' }, columns: [] });
    expect(view.find).toHaveLength(100);
    for (const page of ['0', '-1', '1.5', '1e3', '__proto__', '9'.repeat(99)]) {
      expect(parse(`page=${page}`).page).toBe(1);
    }
  });
});

describe('the columns of the last time', () => {
  it('are those of the cookie, and the usual ones without any', () => {
    expect(rememberedColumns(undefined)).toEqual(USUAL_COLUMNS);
    expect(rememberedColumns('name.nat.os.<script>')).toEqual(['os', 'nat']);
    expect(rememberedColumns('name')).toEqual([]);
  });

  it('are used where the address names none', () => {
    expect(parse('', ['nat']).columns).toEqual(['nat']);
    expect(inventoryHref(parse('', ['nat']), ['nat'])).toBe('/vpn/devices');
  });
});
