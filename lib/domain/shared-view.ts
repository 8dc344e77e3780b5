/** What a signed link shows to everyone who has it. */
export type SharedView = {
  /** Empty: none was given. */
  title: string;
  /** Ids, in the order in which they are shown. */
  devices: readonly string[];
  /** When the link ends; epoch milliseconds, whole seconds. */
  until: number;
};

export const MOST_SHARED_DEVICES = 30;
export const LONGEST_SHARED_TITLE = 60;

/** A link has the collector that made it, the view, and the signature of both. */
const LINK = /^[\w-]{1,4000}\.([\w.-]{1,60})~[\w-]{43}$/;

/** Returns the collector that made a link, as the link says; `null` when it is none. */
export const collectorOfLink = (link: string): string | null => LINK.exec(link)?.[1] ?? null;
