import 'server-only';
import type { FrozenCopy, ShareSubject, ShareSwitches } from '@/lib/core/model/share.ts';
import { redactCopy } from '@/lib/core/shares/redact-copy.ts';
import type { Runtime } from '../runtime.ts';
import { cleanShareText } from './clean-share-text.ts';
import { collectNames } from './collect-names.ts';
import { readFrozen } from './read-frozen.ts';

/**
 * What leaves of a subject with these switches: read once over one range, and cleaned. Throws `KnownError` for what is
 * not there.
 */
export async function freezeCopy(
  runtime: Runtime,
  subject: ShareSubject,
  switches: ShareSwitches,
): Promise<FrozenCopy> {
  const { copy, scope, people, hidden } = await readFrozen(runtime, subject);
  const names = collectNames(runtime, scope, people);
  return redactCopy(copy, { switches, names, clean: cleanShareText, hidden });
}
