'use server';
import { z } from 'zod';
import { CLAIM_STATES } from '@/lib/core/model/claim.ts';
import { deployIdSchema, personSchema } from '@/lib/server/deploys/new-deploy.ts';
import { KnownError } from '@/lib/server/http/guards.ts';
import { getRuntime } from '@/lib/server/runtime.ts';
import type { WatchBook } from '@/lib/server/watch/watch-book.ts';
import { action } from './action.ts';

/** One record is written each time: of 600 points a minute each takes 10. */
const COST = 10;
const words = (most: number) =>
  z
    .string()
    .max(most)
    .transform((text) => text.trim());
const target = { deployId: deployIdSchema, by: personSchema };
const lineId = z.string().min(1).max(200);

type Done = { deployId: string };

/** Ticks a line of the checklist by a person's name; durable when resolved. */
export const signCheck = action(
  z.strictObject({ ...target, checkId: lineId, note: words(1_000).nullable() }),
  async (_call, { deployId, checkId, by, note }): Promise<Done> => {
    const isDone = await book().sign(deployId, checkId, { by, note: note === '' ? null : note });
    return done(
      isDone,
      deployId,
      'That line of the checklist cannot be signed: it is gone, or nobody has to.',
    );
  },
  { name: 'signCheck', cost: COST },
);

/** Takes a wrong tick back; who did so stays in the history of the watch. */
export const unsignCheck = action(
  z.strictObject({ ...target, checkId: lineId }),
  async (_call, { deployId, checkId, by }): Promise<Done> =>
    done(await book().unsign(deployId, checkId, { by }), deployId, 'That line is not signed any more.'),
  { name: 'unsignCheck', cost: COST },
);

/** Puts a person's verdict beside the machine's, which stays on show; null withdraws it. */
export const overrideVerdict = action(
  z.strictObject({
    ...target,
    verdict: z
      .strictObject({ state: z.enum(CLAIM_STATES), reason: words(1_000).pipe(z.string().min(1)) })
      .nullable(),
  }),
  async (_call, { deployId, by, verdict }): Promise<Done> => {
    const isDone = await book().override(deployId, verdict === null ? null : { ...verdict, by }, by);
    return done(isDone, deployId, 'There is no watch of that deploy.');
  },
  { name: 'overrideVerdict', cost: COST },
);

/** Says who takes a follow-up, and whether it is done. */
export const doFollowUp = action(
  z.strictObject({ ...target, followUpId: lineId, done: z.boolean(), owner: words(64).nullable() }),
  async (_call, { deployId, followUpId, owner, ...said }): Promise<Done> => {
    const isDone = await book().followUp(deployId, followUpId, {
      ...said,
      owner: owner === '' ? null : owner,
    });
    return done(isDone, deployId, 'That follow-up is gone.');
  },
  { name: 'doFollowUp', cost: COST },
);

function book(): WatchBook {
  const { watches } = getRuntime();
  if (watches === undefined)
    throw new KnownError('not_ready', 'Watches are not open yet. Try again in a moment.');
  return watches;
}

function done(isDone: boolean, deployId: string, why: string): Done {
  if (!isDone) throw new KnownError('not_found', why);
  return { deployId };
}
