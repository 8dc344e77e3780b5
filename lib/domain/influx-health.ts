import type { Said } from './said';

export type InfluxHealth = { version: string | null; series: number | null; advice: Said[] };
