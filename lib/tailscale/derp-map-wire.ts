import * as z from 'zod';
import type { DerpMap } from '../domain/netcheck';
import { text } from './wire-fields';

/** `tailcfg.DERPMap`: LocalAPI's `derpmap` and `tailscale debug derp-map`. `null` before the first network map. */
const derpMapSchema = z
  .object({
    Regions: z
      .record(z.string(), z.object({ RegionCode: text, RegionName: text }).nullable())
      .nullish(),
  })
  .nullable();

/** Body → domain. The name of a region without one is its code. Throws `SyntaxError` or `ZodError`. */
export function derpMapFromBody(body: string): DerpMap {
  const map: DerpMap = {};
  for (const [region, wire] of Object.entries(
    derpMapSchema.parse(JSON.parse(body))?.Regions ?? {},
  )) {
    if (wire) map[region] = { code: wire.RegionCode, name: wire.RegionName || wire.RegionCode };
  }
  return map;
}
