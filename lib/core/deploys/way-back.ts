import type { ClaimState } from '../model/claim.ts';
import type { WatchView } from '../model/watch.ts';

/** States after which people look for the way back. */
const BAD: ReadonlySet<ClaimState> = new Set(['missed', 'worse', 'failing', 'relapsed']);

/** True where the deploy, or one of its claims, has gone bad: then the way back comes before everything else. */
export function needsWayBack({ state, claims }: Pick<WatchView, 'state' | 'claims'>): boolean {
  return BAD.has(state) || claims.some((claim) => BAD.has(claim.state));
}
