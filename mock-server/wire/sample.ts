import { isObject, type JsonObject } from './wire.ts';

/** Nesting beyond which a recursive schema is cut. */
const DEEPEST = 6;

const resolve = (schema: JsonObject, root: JsonObject): JsonObject => {
  const path = schema['$ref'];
  if (typeof path !== 'string' || !path.startsWith('#/')) return schema;
  let found: unknown = root;
  for (const step of path.slice(2).split('/')) found = isObject(found) ? found[step] : undefined;
  return isObject(found) ? found : {};
};

const typeOf = (schema: JsonObject): unknown => {
  const { type } = schema;
  if (Array.isArray(type)) return type[0];
  return type ?? (isObject(schema['properties']) ? 'object' : undefined);
};

const sampleOf = (given: JsonObject, root: JsonObject, depth: number): unknown => {
  const schema = resolve(given, root);
  if ('const' in schema) return schema['const'];
  if (Array.isArray(schema['enum'])) return schema['enum'][0];
  for (const key of ['anyOf', 'oneOf', 'allOf']) {
    const [first] = Array.isArray(schema[key]) ? schema[key] : [];
    if (isObject(first)) return sampleOf(first, root, depth + 1);
  }
  switch (typeOf(schema)) {
    case 'object': {
      const properties = isObject(schema['properties']) && depth < DEEPEST ? schema['properties'] : {};
      return Object.fromEntries(
        Object.entries(properties).map(([key, value]) => [
          key,
          sampleOf(isObject(value) ? value : {}, root, depth + 1),
        ]),
      );
    }
    case 'array':
      return isObject(schema['items']) && depth < DEEPEST ? [sampleOf(schema['items'], root, depth + 1)] : [];
    case 'number':
    case 'integer':
      return typeof schema['minimum'] === 'number' ? schema['minimum'] : 1;
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return 'sample';
  }
};

/** A small JSON text that fits a JSON schema: for tool arguments and structured output. */
export const sampleJson = (schema: unknown): string =>
  JSON.stringify(isObject(schema) ? sampleOf(schema, schema, 0) : {});
