/** Stores small values that outlive restarts, by key. */
export interface StateStore {
  saveState(key: string, value: string): Promise<void>;
  loadState(key: string): Promise<string | null>;
}
