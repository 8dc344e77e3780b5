import { describe, expect, it } from 'vitest';
import { healthWarnings } from './health-warning';

const keys = (...texts: string[]) => healthWarnings(texts).map(({ key }) => key);

describe('tailscaled’s health warnings', () => {
  it.each([
    ["Tailscale hasn't heard from the 'Frankfurt' relay server in 2m0s.", '2m0s', '1h2m3.25s'],
    ["Tailscale hasn't received a network map from the server in 2m0s.", '2m0s', '3m0s'],
    ['Router: 1 attempt failed after 1 minute', '1 attempt', '12 attempts'],
    ['Router: 1 attempt failed after 1 minute', '1 minute', '15 minutes'],
    ['Cannot reach 10.1.2.3:41641', '10.1.2.3:41641', '10.1.2.4:5000'],
  ])('have one key whatever they count: %s', (text, count, later) => {
    expect(keys(text, text.replace(count, later))).toHaveLength(1);
  });

  it('are apart for each relay server', () => {
    const of = (name: string) => `Tailscale could not connect to the '${name}' relay server.`;
    expect(keys(of('Frankfurt'), of('Paris'))).toEqual([
      'no-derp-connection:Frankfurt',
      'no-derp-connection:Paris',
    ]);
    expect(
      keys('The relay server #4 reports a problem', 'The relay server #5 reports a problem'),
    ).toHaveLength(2);
  });

  it('are apart for each thing that the coordination server reports', () => {
    const of = (what: string) => `The coordination server is reporting a health issue: ${what}`;
    expect(keys(of('key is old'), of('posture fails'), of('posture fails'))).toHaveLength(2);
    expect(keys(of('down for 2m'), of('down for 3m'))).toHaveLength(1);
  });

  it('have Tailscale’s code where it is known', () => {
    const [warning] = healthWarnings(['Some nodes are locked out by tailnet lock']);
    expect(warning).toMatchObject({ code: 'locked-out', key: 'locked-out' });
    expect(healthWarnings(['Something new'])).toMatchObject([{ code: 'other' }]);
  });
});
