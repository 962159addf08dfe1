import 'server-only';
import type { ReceiverView } from '@/lib/core/model/receiver.ts';
import { scrubText } from '../log/scrub.ts';
import type { Runtime } from '../runtime.ts';

/** How it stands with each receiver of the config; none where no engine runs. From memory. */
export function readReceivers({ notify }: Pick<Runtime, 'notify'>): readonly ReceiverView[] {
  return (notify?.receivers() ?? []).map(({ failedTries: _own, ...view }) => ({
    ...view,
    lastError: view.lastError === null ? null : scrubText(view.lastError),
    givenUp: view.givenUp.map(({ about, atMs, why }) => ({ about, atMs, why: scrubText(why) })),
  }));
}
