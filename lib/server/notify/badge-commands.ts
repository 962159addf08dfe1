import 'server-only';
import { KnownError, NOT_READY } from '../http/guards.ts';
import type { BadgeLinks } from './badge-links.ts';

/** The badges of this server. Throws `KnownError` while there are none to ask. */
export function badgesOf({ badges }: { badges?: BadgeLinks | undefined }): BadgeLinks {
  if (badges === undefined) throw new KnownError('not_ready', NOT_READY);
  return badges;
}
