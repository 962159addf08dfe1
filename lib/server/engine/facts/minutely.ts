import 'server-only';
import { MINUTE_MS } from '@/lib/core/time/range.ts';
import { remember } from '../../queries/remember.ts';
import type { FactQuestion } from './fact-reader.ts';

/** Enough for some scopes with all that is read slowly of each. */
const MEMORY = { name: 'alert-facts', most: 200 };

/** What changes slowly is read once a minute for live looks; the past is read as it is asked for. */
export function minutely<V>(
  { deps, scope, isPast }: FactQuestion,
  what: string,
  read: () => Promise<V>,
): Promise<V> {
  if (isPast) return read();
  return remember(deps, MEMORY, JSON.stringify([scope.app, scope.environment, what]), MINUTE_MS, read);
}
