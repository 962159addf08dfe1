import type { BeforeSide } from './before-side.ts';
import { shownWindow } from './count-steps.ts';
import { studentCdf } from './distributions.ts';
import type { Route } from './judge-route.ts';
import { gammaShares } from './special-functions.ts';

/**
 * Share of the belief that the promise is kept, 0–1: T_df((b − θ̂)/√V*(n)) by logarithms, the gamma share below the limit
 * by counting (method 3.5). For display, never the rule. Null where nothing was looked at, or no verdict is possible.
 */
export function beliefOf(route: Route, { baseline }: Pick<BeforeSide, 'baseline'>): number | null {
  if (route.kind === 'logs') {
    const look = route.seen.at(-1);
    if (look === undefined || baseline === null) return null;
    const room = (route.limits.met - look.estimate) / look.standardError;
    const sign = route.limits.direction === 'down' ? 1 : -1;
    return studentCdf(sign * room, baseline.placebo.freedomOf(look.n));
  }
  if (route.kind === 'counts') {
    const look = route.seen.at(-1);
    if (look === undefined || route.limits === null) return null;
    const { events, hours, dispersion } = shownWindow(look, route.limits);
    const { below, above } = gammaShares(
      (route.limits.estimate * hours) / dispersion,
      (events + 0.5) / dispersion,
    );
    return route.limits.direction === 'down' ? below : above;
  }
  return null;
}
