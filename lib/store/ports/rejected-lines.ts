export type RejectedSummary = {
  total: number;
  /** The newest ones, at most 20. `line` is limited to 2,000 characters. `time` in epoch milliseconds. */
  samples: { path: string; offset: number; line: string; reason: string; time: number }[];
};

/** The lines that could not be parsed. */
export interface RejectedLineStore {
  rejected(): Promise<RejectedSummary>;
}
