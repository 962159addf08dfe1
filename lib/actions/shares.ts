'use server';
import { z } from 'zod';
import type { MadeShare, SharePreview, SharesView } from '@/lib/core/model/share.ts';
import { personSchema } from '@/lib/server/deploys/new-deploy.ts';
import { readShareLines } from '@/lib/server/queries/shares.ts';
import { getRuntime } from '@/lib/server/runtime.ts';
import {
  makeShare as make,
  previewShare as preview,
  revokeShare as revoke,
} from '@/lib/server/shares/commands.ts';
import {
  shareDaysSchema,
  shareIdSchema,
  shareSubjectSchema,
  shareSwitchesSchema,
} from '@/lib/server/shares/share-schema.ts';
import { action } from './action.ts';

/** A copy is read anew for each look: of 600 points a minute each takes 20, and a link 50. */
const COST = { preview: 20, make: 50, revoke: 5 };

/** Exactly what would leave, to be looked at before a link is made. Stores nothing. */
export const previewShare = action(
  z.strictObject({ subject: shareSubjectSchema, switches: shareSwitchesSchema }),
  async (_call, { subject, switches }): Promise<SharePreview> => preview(getRuntime(), subject, switches),
  { name: 'previewShare', cost: COST.preview },
);

/** Makes a link to the very copy that was looked at; its token is told only here. Durable when resolved. */
export const makeShare = action(
  z.strictObject({ previewId: shareIdSchema, days: shareDaysSchema, by: personSchema }),
  async (_call, { previewId, days, by }): Promise<MadeShare> => make(getRuntime(), previewId, { days, by }),
  { name: 'makeShare', cost: COST.make },
);

/** Ends a link at once. */
export const revokeShare = action(
  z.strictObject({ id: shareIdSchema, by: personSchema }),
  async (_call, { id, by }): Promise<{ id: string }> => revoke(getRuntime(), id, by),
  { name: 'revokeShare', cost: COST.revoke },
);

/** The links that were made of a subject, or all for null, newest first. */
export const readShares = action(
  z.strictObject({ subject: shareSubjectSchema.nullable() }),
  async (_call, { subject }): Promise<SharesView> => readShareLines(getRuntime(), subject),
  { name: 'readShares' },
);
