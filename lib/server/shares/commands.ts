import 'server-only';
import type { MadeShare, SharePreview, ShareSubject, ShareSwitches } from '@/lib/core/model/share.ts';
import { HOUR_MS } from '@/lib/core/time/range.ts';
import { KnownError } from '../http/guards.ts';
import type { Runtime } from '../runtime.ts';
import type { ShareBook } from './share-book.ts';

/** Links of one server, by whomever. */
const MOST_AN_HOUR = 30;

/** Freezes a copy for a person to look at; nothing is stored. Throws `KnownError`. */
export function previewShare(
  runtime: Runtime,
  subject: ShareSubject,
  switches: ShareSwitches,
): Promise<SharePreview> {
  return bookOf(runtime).preview(subject, switches);
}

/** Makes a link to a copy that was looked at, and says so in the timeline of its incident. Throws `KnownError`. */
export async function makeShare(
  runtime: Runtime,
  previewId: string,
  asked: { days: number; by: string },
): Promise<MadeShare> {
  const book = bookOf(runtime);
  const sinceMs = runtime.clock.wallMs() - HOUR_MS;
  if (book.list(null).filter(({ madeMs }) => madeMs > sinceMs).length >= MOST_AN_HOUR)
    throw new KnownError(
      'too_many',
      `${MOST_AN_HOUR} links were made within an hour, and no more may be. Wait a while.`,
    );
  const { subject, ...made } = await book.make(previewId, asked);
  if (subject.kind === 'incident')
    // The link is made: that its incident does not say so is no reason to lose it.
    await runtime.incidents
      ?.noteShare(subject.incidentId, asked.by)
      .catch((error: unknown) => runtime.log.error({ err: error }, 'a share was not noted in its incident'));
  return made;
}

/** Ends a link at once. Throws `KnownError`. */
export function revokeShare(runtime: Runtime, id: string, by: string): Promise<{ id: string }> {
  return bookOf(runtime).revoke(id, by);
}

function bookOf({ shares }: Runtime): ShareBook {
  if (shares === undefined) throw new KnownError('not_ready', 'No shares are kept here.');
  return shares;
}
