/** Every kind of channel that messages go to. */
export const CHANNEL_NAMES = [
  'telegram',
  'webhook',
  'ntfy',
  'discord',
  'slack',
  'gotify',
  'matrix',
  'email',
  'apprise',
  'homeassistant',
  'pushover',
] as const;
export type ChannelName = (typeof CHANNEL_NAMES)[number];
