/** Lets one caller through per turn of the event loop, in order of arrival. */
export type Turnstile = () => Promise<void>;

/**
 * A turnstile on the real event loop. Requests that start together in one turn run through the SDK side by side, and none
 * has left the process before all have: measured here, fifty of them looked 18 ms slower than the server was, wave after
 * wave. One start per turn sends each before the next is stamped, and answers that are waiting go first. Fifty starts take
 * about as long as their own CPU time, some 25 ms.
 */
export const turnstile = (): Turnstile => {
  const waiting: (() => void)[] = [];
  const open = () => {
    waiting.shift()?.();
    if (waiting.length > 0) setImmediate(open);
  };
  return () =>
    new Promise((resolve) => {
      if (waiting.push(resolve) === 1) setImmediate(open);
    });
};

/** No turnstile: in virtual time a start costs nothing. */
export const openTurnstile: Turnstile = () => Promise.resolve();
