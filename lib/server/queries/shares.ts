import 'server-only';
import type { ShareSubject, SharesView } from '@/lib/core/model/share.ts';
import type { Runtime } from '../runtime.ts';

/** The links that were made of a subject, or all for null; none where no shares are kept. From memory. */
export function readShareLines(
  { shares, clock }: Pick<Runtime, 'shares' | 'clock'>,
  subject: ShareSubject | null,
): SharesView {
  return { asOfMs: clock.wallMs(), shares: shares?.list(subject) ?? [] };
}
