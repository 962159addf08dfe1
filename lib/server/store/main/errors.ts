import 'server-only';
import { StoreCallError } from './client.ts';

/** The store could not be opened. The text is for the person who started the program. */
export class StoreOpenError extends Error {
  override readonly name = 'StoreOpenError';
}

/** Samples or state could not be made durable. Reads go on. */
export class StoreWriteError extends Error {
  override readonly name = 'StoreWriteError';
  /** True when the database can't be reached, or can't take it now: the same may go well later. */
  get isAway(): boolean {
    return isAway(this.cause);
  }
}

/** A backup or a restore goes on: only one can. */
export class StoreBusyError extends Error {
  override readonly name = 'StoreBusyError';
  /** By name: routes are built apart from what the process holds, with a class of their own. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'StoreBusyError';
  }
}

/** True when the database can't be reached, or can't take it now. By what it says: its class may be of another bundle. */
export function isAway(error: unknown): boolean {
  return error instanceof Error && 'isAway' in error && error.isAway === true;
}

/** The database's own code of a failure, or the name of the error; empty without either. */
export function codeOf(error: unknown): string {
  if (error instanceof StoreCallError) return error.code;
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : '';
}

export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
