import { isObject, type JsonObject, type Problem } from './wire.ts';

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

/** A field that must be a positive whole number, if it is there. */
export const badCount = (body: JsonObject, names: readonly string[]): Problem | undefined => {
  for (const parameter of names) {
    const value = body[parameter];
    if (value === undefined || value === null) continue;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 1)
      return { kind: 'invalid', parameter, detail: `${parameter}: must be a whole number of at least 1` };
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
