import { describe, expect, it } from 'vitest';
import { trafficBudget } from './traffic';

describe('TRAFFIC_BUDGET', () => {
  it('is of all together, of one device, or of each other', () => {
    expect(
      trafficBudget.parse('500GB, nas = 1.5 TB, Old-PC.tail1234.ts.net.=20MiB, *=100 gb'),
    ).toEqual({
      all: 500e9,
      each: 100e9,
      devices: { nas: 1.5e12, 'old-pc.tail1234.ts.net': 20 * 2 ** 20 },
    });
  });

  it('is none when it is not set', () => {
    for (const unset of [undefined, '', ' ']) {
      expect(trafficBudget.parse(unset)).toEqual({ all: null, each: null, devices: {} });
    }
  });

  it.each(['500', 'GB', '-5GB', '0GB', 'nas', 'nas=', '=5GB', 'nas=5', '5 GB 6 GB', 'nas=1e3GB'])(
    'is refused as %s, with examples',
    (value) => {
      const message = trafficBudget.safeParse(value).error?.issues[0]?.message;
      expect(message).toContain('must be an amount such as 500GB, or nas=100GB, or *=20GB');
    },
  );

  it('is refused when an amount is given twice', () => {
    expect(() => trafficBudget.parse('5GB, 6GB')).toThrow('all together is given more than once');
    expect(() => trafficBudget.parse('nas=5GB, NAS=6GB')).toThrow('nas is given more than once');
  });
});
