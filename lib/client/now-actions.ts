import { readNowTick } from '@/lib/actions/now.ts';
import { pollNow } from '@/lib/actions/poll-now.ts';
import type { NowActions } from './use-now-view.ts';

/** The real server actions behind the Now page. */
export const nowActions: NowActions = { readNowTick, pollNow };
