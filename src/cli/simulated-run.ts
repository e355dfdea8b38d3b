/** Whether a run, by what its report or manifest says of it, was a simulation: no endpoint answered. */
export const isSimulated = (meta: Readonly<Record<string, unknown>>): boolean => Boolean(meta['simulated']);
