import { z } from 'zod';

interface Shape {
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly additionalProperties?: Shape | boolean;
  readonly items?: Shape;
  readonly anyOf?: readonly Shape[];
}

const step = (shape: Shape, key: PropertyKey): readonly Shape[] => {
  const { properties, additionalProperties, items, anyOf = [] } = shape;
  const own = typeof key === 'number' ? items : properties?.[String(key)];
  const open = typeof additionalProperties === 'object' ? additionalProperties : undefined;
  return [own ?? open, ...anyOf.flatMap((each) => step(each, key))].filter((each) => each !== undefined);
};

const keysOf = ({ properties = {}, anyOf = [] }: Shape): readonly string[] => [
  ...Object.keys(properties),
  ...anyOf.flatMap(keysOf),
];

/** The keys that a schema knows at a path, in any of its forms. */
export const knownKeys = (schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] => {
  const root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Shape;
  const found = path.reduce<readonly Shape[]>(
    (shapes, key) => shapes.flatMap((each) => step(each, key)),
    [root],
  );
  return [...new Set(found.flatMap(keysOf))];
};
