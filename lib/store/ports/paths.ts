import type { TimeRange } from '../../domain/access';
import type { PathSpan } from '../../domain/connection';
import type { Path } from '../../domain/device';

/** `hostname`: the device's displayed name, where it is known. */
export type PathObservation = { nodeId: string; time: number; path: Path; hostname?: string };

/** How packets reached each device, over time. */
export interface PathHistory {
  /** Returns spans that touch the range, oldest first; of these devices, or of all with `null`. */
  pathSpans(deviceIds: readonly string[] | null, range: TimeRange): Promise<PathSpan[]>;
}

export interface PathStore extends PathHistory {
  /**
   * Extends each device's last span, or begins a new one when the path has changed or was not observed for two minutes.
   */
  observePaths(observations: readonly PathObservation[]): Promise<void>;
}
