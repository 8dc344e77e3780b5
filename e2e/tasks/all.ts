import * as now from './now';
import * as past from './past';
import type { Reader } from './reader';

type Task = (reader: Reader) => Promise<void>;

/** What the owner of a homelab tries on the first day, by name. */
export const TASKS: Record<string, Task> = {
  'who reached what yesterday between 18:00 and 20:00': past.whoReachedWhat,
  'whether an alert is firing, and which': now.isAnythingFiring,
  'where a device was relayed, and why': now.whereAndWhyRelayed,
  'which device is slow': now.whoIsSlow,
  'how much traffic there was this month, and by DERP': past.howMuchTraffic,
  'all accesses of one user, to take along': past.exportsAllOfOne,
  'a device by Ctrl-K; one that does not exist': now.findsADevice,
  'endpoints by the start of their path': past.findsByPrefix,
  'an alert muted and unmuted, an acknowledgement taken back': now.mutesAndUndoes,
  'how many people there are, apart from servers': now.howManyPeople,
  'one evening of a device': past.looksAtOneEvening,
  'when a device went offline': past.whenItWentOffline,
  'which key expires first': now.whichKeyExpiresFirst,
  'which model has become worse': now.whichModelIsDegraded,
  'what went wrong, by the log': past.errorsOfTheLog,
  'which service has errors': now.whichServiceHasErrors,
  'another language and another zone': now.changesLanguageAndZone,
};
