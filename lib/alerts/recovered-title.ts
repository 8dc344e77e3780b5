import { type Alert, endedBecause } from '../domain/alert';

/** Returns the title of a message about a resolved alert: the current state, not what was wrong. */
export function recoveredTitle(alert: Alert): string {
  const { rule, hostname, title } = alert;
  if (endedBecause(alert) !== null) return `Ended: ${title}`;
  const name = hostname ?? 'the device';
  switch (rule) {
    case 'offline':
      return `${name} is back online`;
    case 'unstable':
      return `${name} is stable again`;
    case 'latency':
    case 'latency_unusual':
      return `Latency to ${name} is normal again`;
    case 'relayed':
      return `${name} is connected directly again`;
    case 'packet_loss':
      return `No more packet loss to ${name}`;
    case 'key_expiring':
      return `The key of ${name} was renewed`;
    case 'exit_node_lost':
      return `The exit node in use, ${name}, is back online`;
    case 'route_lost':
      return `${title.replace(/^Nothing routes (\S+) any more$/, '$1')} is routed again`;
    case 'own_device':
      return 'This device is connected to the tailnet again';
    case 'tailscaled_unreachable':
      return 'tailscaled answers again';
    case 'quota_near':
      return 'The tailnet is within the limits of its plan again';
    default:
      return `Recovered: ${title}`;
  }
}
