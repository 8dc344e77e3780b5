import { setImmediate } from 'node:timers/promises';
import * as z from 'zod';
import { type Facts, listed, type MapFacts, type NatKind, yesOrNo } from '../domain/inventory';
import { shortVersion } from '../domain/versions';
import { parseExactJson } from './exact-json';
import { id, optionalFlag, printable, text, textList } from './wire-fields';

/** The fields of `tailcfg.Hostinfo` used here: what a device says of itself. A control server may withhold any. */
const hostinfoSchema = z.object({
  IPNVersion: text,
  OSVersion: text,
  Distro: text,
  DistroVersion: text,
  Machine: text,
  GoArch: text,
  Container: optionalFlag,
  RoutableIPs: textList,
  Services: z.array(z.object({ Proto: text, Port: z.int(), Description: text })).nullish(),
  NetInfo: z
    .object({ MappingVariesByDestIP: optionalFlag, WorkingUDP: optionalFlag })
    .nullish()
    .catch(null),
});

/** The fields of `tailcfg.Node` used here (tailscale.com/tailcfg, 1.102). */
const nodeSchema = z.object({
  ID: id,
  StableID: z.string().min(1).transform(printable),
  Key: text,
  // Of another shape than this version knows: nothing is known, rather than nothing read.
  Hostinfo: hostinfoSchema.nullish().catch(null),
});

/** `ipn.Notify`: a line of `watch-ipn-bus`. Nodes are validated one by one. */
const notifySchema = z.object({
  NetMap: z
    .object({ SelfNode: z.unknown().optional(), Peers: z.array(z.unknown()).nullish() })
    .nullish(),
  PeersChanged: z.array(z.unknown()).nullish(),
  PeersRemoved: z.array(id).nullish(),
  SelfChange: z.unknown().optional(),
  LoginFinished: z.unknown().optional(),
});

type MapNode = { nodeId: string; facts: Facts };

/** Nodes read before yielding to the event loop: about 5 ms. */
const BATCH = 250;

/** Reads the network map from the lines of `watch-ipn-bus`: all of it first, then what changes. */
export class MapReader {
  /** By the number that changes name a device by. */
  private readonly nodes = new Map<string, MapNode>();
  private begun = false;

  /** Returns what is known now. */
  facts(): MapFacts {
    return new Map([...this.nodes.values()].map(({ nodeId, facts }) => [nodeId, facts]));
  }

  /**
   * Takes a line. `anew`: the map has to be read anew, since there is none yet, or it is another, which an older
   * tailscaled sends whole with each change. Throws `SyntaxError` or `ZodError`.
   */
  async take(line: string): Promise<'changed' | 'same' | 'anew'> {
    const notify = notifySchema.parse(parseExactJson(line));
    const { NetMap: map, PeersChanged: changed, PeersRemoved: removed } = notify;
    if (!this.begun) {
      if (!map) return 'anew';
      this.begun = true;
      await this.add([map.SelfNode, ...(map.Peers ?? [])]);
      return 'changed';
    }
    if (map || notify.LoginFinished) return 'anew';
    // With our own device come all others: the map has been replaced.
    if (notify.SelfChange) {
      if (!changed) return 'anew';
      this.nodes.clear();
      await this.add([notify.SelfChange]);
    }
    await this.add(changed ?? []);
    for (const node of removed ?? []) this.nodes.delete(node);
    return changed?.length || removed?.length ? 'changed' : 'same';
  }

  private async add(nodes: readonly unknown[]): Promise<void> {
    for (const [index, node] of nodes.entries()) {
      if (index % BATCH === BATCH - 1) await setImmediate();
      const { data } = nodeSchema.safeParse(node);
      if (data) this.nodes.set(data.ID, { nodeId: data.StableID, facts: factsOfNode(data) });
    }
  }
}

/** Reads the map from the first line of an answer, which may be cut off after it; `null` when there is none. */
export async function mapFromBody(body: string): Promise<MapFacts | null> {
  const start = body.indexOf('{');
  if (start < 0) return null;
  const end = body.indexOf('\n', start);
  const reader = new MapReader();
  const read = await reader.take(body.slice(start, end < 0 ? undefined : end));
  return read === 'changed' ? reader.facts() : null;
}

const EVERYWHERE = new Set(['0.0.0.0/0', '::/0']);

function factsOfNode({ Key: key, Hostinfo: host }: z.infer<typeof nodeSchema>): Facts {
  const said: Record<string, string> = { key: shortKey(key) };
  if (host) {
    said.version = shortVersion(host.IPNVersion);
    said.os_version = host.OSVersion;
    said.distro = host.Distro;
    said.distro_version = host.DistroVersion;
    said.arch = host.Machine || host.GoArch;
    said.nat = natOf(host.NetInfo) ?? '';
  }
  // Empty is what was not said.
  const facts: Facts = Object.fromEntries(Object.entries(said).filter(([, words]) => words !== ''));
  if (!host?.IPNVersion) return { ...facts, ...offered(host, false) };
  return {
    ...facts,
    ...(host.Container === null ? {} : { container: yesOrNo(host.Container) }),
    ...offered(host, true),
  };
}

/** `isWhole`: all of what the device says is passed on, so that what is missing is none. */
function offered(host: z.infer<typeof nodeSchema>['Hostinfo'], isWhole: boolean): Facts {
  const routes = host?.RoutableIPs ?? [];
  const services = servicesOf(host?.Services ?? []);
  return {
    ...(isWhole || routes.length > 0
      ? {
          routes_offered: listed(routes.filter((route) => !EVERYWHERE.has(route)).sort()),
          exit_node_offered: yesOrNo(routes.some((route) => EVERYWHERE.has(route))),
        }
      : {}),
    ...(isWhole || services.length > 0 ? { services: listed(services) } : {}),
  };
}

type WireServices = NonNullable<z.infer<typeof hostinfoSchema>['Services']>;

/** Returns the services that a device advertises, without Tailscale's own. */
function servicesOf(services: WireServices): string[] {
  return services
    .filter(({ Proto }) => Proto === 'tcp' || Proto === 'udp')
    .map(({ Proto, Port, Description }) => `${Proto} ${Port} ${Description}`.trim())
    .sort();
}

function natOf(net: z.infer<typeof hostinfoSchema>['NetInfo']): NatKind | null {
  if (!net) return null;
  if (net.WorkingUDP === false) return 'no_udp';
  if (net.MappingVariesByDestIP === null) return null;
  return net.MappingVariesByDestIP ? 'hard' : 'easy';
}

/** Enough to tell keys apart; public keys are no secret. */
const shortKey = (key: string) => key.replace(/^nodekey:/, '').slice(0, 12);
