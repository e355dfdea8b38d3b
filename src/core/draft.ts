/** A record while it is being made: optional keys are set one by one, since a spread for each costs more than a simulated answer. */
export type Draft<T> = { -readonly [Key in keyof T]: T[Key] };
