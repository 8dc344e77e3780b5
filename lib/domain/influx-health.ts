export type InfluxHealth = { version: string | null; series: number | null; advice: string[] };
