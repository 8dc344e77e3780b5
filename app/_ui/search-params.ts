/** The props Next passes to a page. */
export type PageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

/** Converts Next's page parameters into `URLSearchParams`; repeated ones stay repeated. */
export function toSearchParams(
  params: Record<string, string | string[] | undefined>,
): URLSearchParams {
  const result = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined) result.append(name, one);
    }
  }
  return result;
}
