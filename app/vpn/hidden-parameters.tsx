/** Parameters that a form sends besides what its fields hold. */
export function HiddenParameters({ of }: { of: readonly (readonly [string, string])[] }) {
  return of.map(([name, value]) => (
    <input key={`${name} ${value}`} type="hidden" name={name} value={value} />
  ));
}
