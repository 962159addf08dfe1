import 'server-only';
import { ConfigError } from './config/types.ts';
import { startRuntime, stopRuntime } from './runtime.ts';

/** What is still running when this has passed is cut off. */
const SHUTDOWN_GRACE_MS = 10_000;
const EXIT_CONFIG = 78;

/**
 * Starts the runtime inside the Next server. A fault at start ends the process with its text: a server that stays up
 * and answers 500 to everything helps nobody.
 */
export async function boot(): Promise<void> {
  takeOverSignals();
  try {
    await startRuntime();
  } catch (error) {
    process.stderr.write(`${startFault(error)}\n`);
    process.exit(error instanceof ConfigError ? EXIT_CONFIG : 1);
  }
}

function startFault(error: unknown): string {
  if (error instanceof ConfigError) {
    const count = error.faults.length;
    return `afterwatch: the configuration has ${count} ${count === 1 ? 'fault' : 'faults'}:\n${error.message}`;
  }
  return error instanceof Error ? error.message : 'afterwatch: could not start';
}

/**
 * Next's own handlers end the process without waiting for the store. Ours go first: stop the beats, close the store,
 * then hand the signal on. npm and the terminal may each send one; only the first counts.
 */
function takeOverSignals(): void {
  let stopping = false;
  for (const [signal, exitCode] of [
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const) {
    const inherited = process.listeners(signal);
    process.removeAllListeners(signal);
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      setTimeout(() => process.exit(exitCode), SHUTDOWN_GRACE_MS).unref();
      void stopQuietly().finally(() => {
        for (const listener of inherited) listener.call(process, signal);
        if (inherited.length === 0) process.exit(exitCode);
      });
    });
  }
}

async function stopQuietly(): Promise<void> {
  try {
    await stopRuntime();
  } catch {
    // A runtime that never started has nothing to close, and a failed close must not keep the process alive.
  }
}
