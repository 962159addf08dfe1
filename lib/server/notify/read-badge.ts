import 'server-only';
import type { BadgeContent } from '@/lib/core/badge/badge-svg.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import type { WatchRecord } from '@/lib/core/model/verdict.ts';
import type { Runtime } from '../runtime.ts';
import type { BadgeLinks } from './badge-links.ts';

type Deps = Pick<Runtime, 'clock'> & {
  badges?: Pick<BadgeLinks, 'scopeOf'> | undefined;
  watches?: { currentNow(scope: Scope): WatchRecord | null } | undefined;
};

/** What a badge shows; `file` is the last part of its address: the token and `.svg`. From memory. */
export function readBadge({ clock, badges, watches }: Deps, file: string): BadgeContent {
  const token = /^(.{1,100})\.svg$/.exec(file)?.[1];
  const scope = token === undefined ? null : (badges?.scopeOf(token) ?? null);
  if (scope === null) return { kind: 'gone' };
  const record = watches?.currentNow(scope) ?? null;
  if (record === null) return { kind: 'quiet' };
  const { release, originMs, endMs, override, state, provisional } = record;
  // A person's own verdict stands over the measured one.
  const standing =
    override === null
      ? { state, provisional, byHand: false }
      : { state: override.state, provisional: false, byHand: true };
  return { kind: 'watch', watch: { release, originMs, endMs, ...standing }, nowMs: clock.wallMs() };
}
