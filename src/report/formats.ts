/** Every output format by name. Names alone, so that the command line knows them without loading a renderer. */
export const FORMATS = ['terminal', 'json', 'markdown', 'csv'] as const;

/** Name of an output format. */
export type Format = (typeof FORMATS)[number];

/** Shorter names that are understood as well. */
export const FORMAT_ALIASES = { md: 'markdown' } as const satisfies Readonly<Record<string, Format>>;

/** A format as a user may write it. */
export type FormatOrAlias = Format | keyof typeof FORMAT_ALIASES;

/** The formats as a user may write them, aliases last. */
export const FORMAT_NAMES: readonly FormatOrAlias[] = [
  ...FORMATS,
  ...(Object.keys(FORMAT_ALIASES) as (keyof typeof FORMAT_ALIASES)[]),
];

/** The format that a name or alias stands for. */
export const formatOf = (name: FormatOrAlias): Format =>
  name in FORMAT_ALIASES ? FORMAT_ALIASES[name as 'md'] : (name as Format);
