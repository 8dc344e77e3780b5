/** The parts of JSON Schema that our own schemas use. */
export type JsonSchema = {
  type?: string | readonly string[];
  format?: string;
  description?: string;
  enum?: readonly string[];
  default?: unknown;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  propertyNames?: JsonSchema;
  items?: JsonSchema;
  anyOf?: readonly JsonSchema[];
};

/**
 * One line of a description: the path of a field in the answer, its type in words, and what is to be known about it.
 */
export type SchemaRow = { name: string; type: string; note: string };

/**
 * A schema as lines: an object's fields with dots (`plan.name`), a list's items with `[]`. A plain value is one line
 * without a name.
 */
export function describeSchema(schema: JsonSchema, name = ''): SchemaRow[] {
  const either = schema.anyOf?.map(({ type }) => type) ?? schema.type ?? [];
  const nullable = either.includes('null');
  const inner = schema.anyOf?.find(({ type }) => type !== 'null') ?? schema;
  const note = schema.description ?? inner.description ?? '';
  const orNull = nullable ? ' or null' : '';
  if (inner.items) {
    const each = describeSchema(inner.items, `${name}[]`);
    const plain = each.length === 1 && each[0]?.name === `${name}[]`;
    return plain
      ? [{ name, type: `list of ${each[0]?.type}${orNull}`, note }]
      : [{ name, type: `list${orNull}`, note }, ...each];
  }
  if (inner.properties) {
    const fields = Object.entries(inner.properties).flatMap(([key, field]) =>
      describeSchema(field, name ? `${name}.${key}` : key),
    );
    return name && (note || nullable)
      ? [{ name, type: `object${orNull}`, note }, ...fields]
      : fields;
  }
  if (typeof inner.additionalProperties === 'object') {
    return describeSchema({ ...inner.additionalProperties, description: note }, `${name}.*`);
  }
  return [{ name, type: `${typeWords(inner)}${orNull}`, note }];
}

function typeName({ type }: JsonSchema): string {
  if (typeof type === 'string') return type;
  return type?.find((name) => name !== 'null') ?? 'anything';
}

function typeWords(schema: JsonSchema): string {
  const words = schema.enum ? schema.enum.map(String).join(', ') : typeName(schema);
  const bounds: string[] = [];
  if (schema.minimum !== undefined && schema.maximum !== undefined) {
    if (schema.maximum < Number.MAX_SAFE_INTEGER) {
      bounds.push(`${schema.minimum} to ${schema.maximum}`);
    }
  }
  if (schema.maxLength !== undefined) bounds.push(`up to ${schema.maxLength} characters`);
  if (schema.default !== undefined)
    bounds.push(`default ${schema.default === '' ? 'empty' : schema.default}`);
  return bounds.length > 0 ? `${words}, ${bounds.join(', ')}` : words;
}
