import { type FieldType, isObject, type JsonObject, type Problem } from './wire.ts';

/** The fields an API knows, and what they must hold where the mock looks at it. */
export type Fields = ReadonlyMap<string, FieldType | undefined>;

/** Fields by name: `types` says what some of the `names` must hold. */
export const fieldsOf = (names: string, types: Readonly<Record<string, FieldType>>): Fields =>
  new Map(names.split(' ').map((name) => [name, types[name]]));

/** The first of the required fields that is not there. */
export const missingField = (body: JsonObject, required: readonly string[]): Problem | undefined => {
  for (const parameter of required)
    if (body[parameter] === undefined || body[parameter] === null) return { kind: 'missing', parameter };
  return undefined;
};

const fits = (type: FieldType, value: unknown): boolean => {
  switch (type) {
    case 'count':
      return Number.isInteger(value);
    case 'objects':
      return Array.isArray(value);
    case 'prompt':
      return typeof value === 'string' || Array.isArray(value);
    default:
      return typeof value === type;
  }
};

const wrongValue = (parameter: string, expected: FieldType, value: unknown): Problem | undefined => {
  if (!fits(expected, value)) return { kind: 'mistyped', parameter, expected, value };
  if (expected === 'count' && Number(value) < 1) return { kind: 'too-small', parameter, value };
  if (expected !== 'objects' || !Array.isArray(value)) return undefined;
  if (value.length === 0) return { kind: 'empty', parameter };
  for (const [place, each] of value.entries())
    if (!isObject(each)) return { kind: 'mistyped', parameter, place, expected: 'object', value: each };
  return undefined;
};

/** The first field that an API does not know, or that does not hold what it must; `null` is as good as absent. */
export const wrongField = (body: JsonObject, fields: Fields): Problem | undefined => {
  for (const parameter in body) {
    const expected = fields.get(parameter);
    if (expected === undefined) {
      if (!fields.has(parameter)) return { kind: 'unknown', parameter };
      continue;
    }
    const value = body[parameter];
    const wrong = value === null ? undefined : wrongValue(parameter, expected, value);
    if (wrong) return wrong;
  }
  return undefined;
};

/** A number, or nothing. */
export const numberIn = (body: JsonObject, name: string): number | undefined => {
  const value = body[name];
  return typeof value === 'number' ? value : undefined;
};

/** A text, or ''. */
export const textIn = (body: JsonObject, name: string): string => {
  const value = body[name];
  return typeof value === 'string' ? value : '';
};

const EMPTY: JsonObject = Object.freeze({});
const NONE: readonly JsonObject[] = Object.freeze([]);

/** An object, or an empty one. */
export const objectIn = (body: JsonObject, name: string): JsonObject => {
  const value = body[name];
  return isObject(value) ? value : EMPTY;
};

/** The objects of a list. */
export const objectsIn = (body: JsonObject, name: string): readonly JsonObject[] => {
  const value = body[name];
  return Array.isArray(value) ? value.filter(isObject) : NONE;
};
