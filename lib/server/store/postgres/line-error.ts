import 'server-only';
import { SECOND_MS } from '@/lib/core/time/range.ts';

/** What went wrong. `code` is the SQLSTATE, or the system's word for a connection that failed. */
export class LineError extends Error {
  override readonly name = 'LineError';
  constructor(
    readonly code: string,
    message: string,
    /** The connection is gone, and with it a transaction that was open. */
    readonly isLost: boolean,
  ) {
    super(message);
  }
}

/** Code of an answer that did not come in time. */
export const TIMED_OUT = 'TIMEOUT';

/** No answer came in time. */
export function noAnswer(afterMs: number): LineError {
  return new LineError(TIMED_OUT, `no answer within ${Math.round(afterMs / SECOND_MS)} s`, true);
}

/** What went wrong while connecting or answering, as the driver or the system told it. */
export function lineError(error: unknown, when: 'connecting' | 'answering'): LineError {
  if (error instanceof LineError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const code = codeOf(error);
  return new LineError(code || 'CONNECTION', message, when === 'connecting' || !isRefusal(code));
}

/** SQLSTATE or the system's word; empty without either. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/**
 * Five characters are a refusal by the server, whose connection goes on. Classes 08 and 57P mean that it does not, 25P03
 * that it was idle for too long, and 25006 that the server has become a copy of another one.
 */
export function isRefusal(code: string): boolean {
  return /^[0-9A-Z]{5}$/.test(code) && !/^(08|57P|25P03|25006)/.test(code);
}
