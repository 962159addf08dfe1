import 'server-only';

/**
 * The result of `step`, or the signal's reason when that comes first. The step goes on by itself then: its caller
 * destroys what it works on, and its late rejection is nobody's any more.
 */
export async function raceAbort<T>(signal: AbortSignal, step: () => Promise<T>): Promise<T> {
  let onAbort: (() => void) | null = null;
  try {
    const aborted = new Promise<never>((_, reject) => {
      onAbort = () => reject(signal.reason);
      if (signal.aborted) onAbort();
      else signal.addEventListener('abort', onAbort, { once: true });
    });
    aborted.catch(() => undefined);
    signal.throwIfAborted();
    const result = step();
    result.catch(() => undefined);
    return await Promise.race([result, aborted]);
  } finally {
    if (onAbort !== null) signal.removeEventListener('abort', onAbort);
  }
}
