/**
 * The connection pool behind the platform's own `fetch`. Its class is no export of Node's: it is reached through the global
 * that Node keeps it in. Hazard: importing the npm package `undici` puts that package's pool into the same global, and the
 * platform's `fetch` would silently no longer be the platform's. So the class is read before, and the global put back.
 */
const GLOBAL = Symbol.for('undici.globalDispatcher.1');

type PoolClass = new (options: object) => object;

new Headers(); // loads the platform's fetch, which sets the global
const platformPool: object = Reflect.get(globalThis, GLOBAL) ?? {};

/** Puts the platform's own pool back where the npm package has replaced it. */
export const restorePlatformPool = (): void => {
  Reflect.set(globalThis, GLOBAL, platformPool);
};

/** A pool of the platform's own kind with these options, for `fetchOptions.dispatcher`; proxies as Node was told to use them. */
export const platformPoolWith = (options: object): object =>
  new (platformPool.constructor as PoolClass)(options);
