import type { FrozenCopy, ShareKind, ShareLine, ShareSwitch } from '@/lib/core/model/share.ts';
import { formatSinceOrigin, formatStamp } from '@/lib/core/units/clock.ts';
import type { Zone } from '@/lib/core/units/zone.ts';

/** What the view of each kind is called. */
export const SHARE_KIND_WORDS: Record<ShareKind, string> = {
  incident: 'Incident view',
  deploy: 'Deploy view',
  chart: 'Chart',
};

/** Each switch as a person reads it, and what stands in the copy while it is off. */
export const SWITCH_WORDS: Record<ShareSwitch, { label: string; instead: string }> = {
  hosts: { label: 'Host names and addresses', instead: '“host 1” stands in their place' },
  machines: { label: 'Machine names and ids', instead: '“machine 1” stands in their place' },
  regions: { label: 'Regions', instead: '“region 1” stands in their place' },
  queries: { label: 'Query text', instead: '“a statement” stands in its place' },
  people: { label: 'Names of people', instead: '“a person” stands in their place' },
  money: { label: 'Money', instead: 'amounts are left out' },
};

/** Hours are counted for as long as a watch takes; later the day says more. */
const COUNTED_MS = 48 * 3_600_000;

/** When claims stood as they are told: `as it stood at T+02:45`. */
export function stoodText(copy: Pick<FrozenCopy, 'frozenAtMs' | 'deploy'>, zone: Zone): string {
  const { frozenAtMs, deploy } = copy;
  const sinceMs = deploy === null ? null : frozenAtMs - deploy.startMs;
  return deploy !== null && sinceMs !== null && sinceMs >= 0 && sinceMs <= COUNTED_MS
    ? `as it stood at ${formatSinceOrigin(frozenAtMs, deploy.startMs)}`
    : `as it stood ${formatStamp(frozenAtMs, 'minutes', zone)}`;
}

/** How a link stands: `expires 16 Apr 20:40Z`, `revoked 9 Apr 21:00Z`, `expired 16 Apr 20:40Z`. */
export function standingText({ expiresMs, revokedMs }: ShareLine, nowMs: number): string {
  if (revokedMs !== null) return `revoked ${formatStamp(revokedMs)}`;
  return `${expiresMs <= nowMs ? 'expired' : 'expires'} ${formatStamp(expiresMs)}`;
}

/** True while the link still leads to its copy. */
export function isLive({ expiresMs, revokedMs }: ShareLine, nowMs: number): boolean {
  return revokedMs === null && expiresMs > nowMs;
}

/** `opened 3 times, last 9 Apr 20:40Z`, `never opened`. */
export function viewsText({ views, lastViewMs }: ShareLine): string {
  if (views === 0) return 'never opened';
  const last = lastViewMs === null ? '' : `, last ${formatStamp(lastViewMs)}`;
  return `opened ${views === 1 ? 'once' : `${views} times`}${last}`;
}
