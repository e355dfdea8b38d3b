import { type FieldType, isObject, type JsonObject, type Problem } from './wire.ts';

/** The first field that an API does not know. */
export const unknownField = (body: JsonObject, known: ReadonlySet<string>): Problem | undefined => {
  for (const parameter in body) if (!known.has(parameter)) return { kind: 'unknown', parameter };
  return undefined;
};

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

/** The first field that is there but does not hold what it must. */
export const mistyped = (
  body: JsonObject,
  fields: Readonly<Record<string, FieldType>>,
): Problem | undefined => {
  for (const parameter in fields) {
    const value = body[parameter];
    const expected = fields[parameter];
    if (value === undefined || value === null || !expected) continue;
    if (!fits(expected, value)) return { kind: 'mistyped', parameter, expected, value };
    if (expected === 'count' && Number(value) < 1) return { kind: 'too-small', parameter, value };
    if (expected !== 'objects' || !Array.isArray(value)) continue;
    if (value.length === 0) return { kind: 'empty', parameter };
    const stray = value.findIndex((each) => !isObject(each));
    if (stray >= 0)
      return { kind: 'mistyped', parameter, place: stray, expected: 'object', value: value[stray] };
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
