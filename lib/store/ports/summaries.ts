/** The tailnet in a few numbers, as the hourly job stores it. `time` in epoch milliseconds. */
export type TailnetSummary = { time: number; summary: Record<string, unknown> };

export interface SummaryStore {
  addTailnetSummary(summary: TailnetSummary): Promise<void>;
  lastTailnetSummary(): Promise<TailnetSummary | null>;
}
