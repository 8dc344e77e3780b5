/** The props Next passes to a page. */
export type PageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

/** Converts Next's page parameters into `URLSearchParams`; of a repeated parameter the first value counts. */
export function toSearchParams(
  params: Record<string, string | string[] | undefined>,
): URLSearchParams {
  const result = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    const first = Array.isArray(value) ? value[0] : value;
    if (first !== undefined) result.set(name, first);
  }
  return result;
}
