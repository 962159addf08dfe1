import { unstable_isUnrecognizedActionError } from 'next/navigation';
import type { ActionErrorCode, ActionResult } from '@/lib/core/model/view.ts';
import { tellOutage } from './store-outage.ts';

/** A failed action as an error, with what a person can do about it. */
export class ActionFailure extends Error {
  override readonly name = 'ActionFailure';
  constructor(
    message: string,
    readonly code: ActionErrorCode,
  ) {
    super(message);
  }
}

/** The data of an action's answer; throws an {@link ActionFailure} for a failed one, as the query cache expects. */
export function unwrap<T>(result: ActionResult<T>): T {
  if (result.ok || result.outage !== undefined) tellOutage(result.outage ?? null);
  if (result.ok) return result.data;
  throw new ActionFailure(result.error.message, result.error.code);
}

/** What happened, and what helps: asking again, a reload after an update of the server, or signing in. */
export function explainFailure(error: unknown): { text: string; action: 'retry' | 'reload' | 'sign_in' } {
  if (unstable_isUnrecognizedActionError(error)) {
    return { text: 'The server has been updated since this page was opened.', action: 'reload' };
  }
  if (error instanceof ActionFailure) {
    return { text: error.message, action: error.code === 'not_signed_in' ? 'sign_in' : 'retry' };
  }
  // fetch() throws a TypeError when nobody answers; anything else is an answer that is not ours, from a fault or a proxy.
  const text =
    error instanceof TypeError ? 'The server does not answer.' : 'The server gave no usable answer.';
  return { text, action: 'retry' };
}
