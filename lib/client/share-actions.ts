import { makeShare, previewShare, readShares, revokeShare } from '@/lib/actions/shares.ts';
import type { ShareActions } from './use-shares.ts';

/** The real server actions behind shared links. */
export const shareActions: ShareActions = { previewShare, makeShare, readShares, revokeShare };
