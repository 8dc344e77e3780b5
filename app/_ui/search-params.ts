/** What Next gives a page. */
export type PageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

/** Next's page parameters as the platform's own; a parameter given twice counts once. */
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
