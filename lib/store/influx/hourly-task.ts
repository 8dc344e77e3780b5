import { flux } from '@influxdata/influxdb-client';

/** The beginning of the task's name; its bucket follows. */
export const HOURLY_TASK = 'observatory hourly';

/**
 * Returns the Flux of the task that keeps hourly counts for people who query InfluxDB themselves, longer than single
 * hits are kept: `tailscale_access_1h`, by user, device and endpoint. The last two hours are counted again each time,
 * so running it twice changes nothing. The dashboard does not read it.
 */
export function hourlyTask(name: string, from: string, to: string): string {
  return flux`import "date"
option task = {name: ${name}, every: 1h, offset: 5m}
start = date.truncate(t: date.sub(d: 2h, from: now()), unit: 1h)
stop = date.truncate(t: now(), unit: 1h)
hits = from(bucket: ${from}) |> range(start: start, stop: stop)
  |> filter(fn: (r) => r._measurement == "tailscale_access")
counted = (tables=<-, field, name, fn) => tables
  |> filter(fn: (r) => r._field == field)
  |> group(columns: ["_measurement", "collector", "user", "device", "endpoint", "host"])
  |> aggregateWindow(every: 1h, fn: fn, createEmpty: false, timeSrc: "_start")
  |> map(fn: (r) => ({r with _measurement: "tailscale_access_1h", _field: name, _value: float(v: r._value)}))
  |> keep(columns: ["_time", "_value", "_field", "_measurement", "collector", "user", "device", "endpoint", "host"])
  |> group(columns: ["_measurement", "_field", "collector", "user", "device", "endpoint", "host"])
  |> to(bucket: ${to})
hits |> counted(field: "bot", name: "hits", fn: count) |> yield(name: "hits")
hits |> counted(field: "bytes", name: "bytes", fn: sum) |> yield(name: "bytes")
hits |> counted(field: "response_time", name: "response_time_mean", fn: mean) |> yield(name: "response_time_mean")
hits |> counted(field: "response_time", name: "response_time_max", fn: max) |> yield(name: "response_time_max")`.toString();
}
