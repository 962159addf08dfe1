'use server';
import { z } from 'zod';
import { claimSchema } from '@/lib/core/claims/document.ts';
import type { Deploy } from '@/lib/core/model/deploy.ts';
import { MARK_KINDS } from '@/lib/core/model/view.ts';
import type { ClaimForecastView } from '@/lib/core/model/watch.ts';
import { joinClaims, sentClaimSchema } from '@/lib/server/deploys/claims.ts';
import { changeClaims, registerDeploy as register } from '@/lib/server/deploys/commands.ts';
import { deployIdSchema, newDeploySchema, personSchema } from '@/lib/server/deploys/new-deploy.ts';
import { KnownError } from '@/lib/server/http/guards.ts';
import {
  type DeploysView,
  type DeployView,
  readDeploys as readList,
  readDeploy as readOne,
} from '@/lib/server/queries/deploys.ts';
import { chooseScope, readScopes } from '@/lib/server/queries/scope.ts';
import { getRuntime } from '@/lib/server/runtime.ts';
import { readForecasts as forecast } from '@/lib/server/watch/forecast.ts';
import { action } from './action.ts';

/** Writes to the store: of 600 points a minute each takes 20. */
const COST = 20;
const claims = z.array(sentClaimSchema).max(500);

/** The list of deploys of one scope, newest first. */
export const readDeploys = action(
  z.strictObject({
    app: z.string().max(64).optional(),
    environment: z.string().max(64).optional(),
    kinds: z.array(z.enum(MARK_KINDS)).max(MARK_KINDS.length).optional(),
  }),
  async (_call, input): Promise<DeploysView> => readList(getRuntime(), input),
  { name: 'readDeploys' },
);

/** One deploy whole. */
export const readDeploy = action(
  z.strictObject({ id: deployIdSchema }),
  async (_call, { id }): Promise<DeployView> => {
    const view = await readOne(getRuntime(), id);
    if (view === null) throw new KnownError('not_found', 'There is no deploy of that id.');
    return view;
  },
  { name: 'readDeploy', cost: 3 },
);

/** A summary has a few dozen claims; baselines of more are not read for a page that is being typed. */
const MOST_FORECASTS = 100;

/** How soon each claim could be told, were it deployed now: all of a page in one call. */
export const readForecasts = action(
  z.strictObject({
    app: z.string().max(64),
    environment: z.string().max(64),
    claims: z.array(claimSchema).max(MOST_FORECASTS),
  }),
  async (_call, { claims: asked, ...scope }): Promise<readonly ClaimForecastView[]> => {
    const runtime = getRuntime();
    return forecast(runtime, chooseScope(readScopes(runtime), scope), asked);
  },
  { name: 'readForecasts', cost: 5 },
);

/**
 * Registers a deploy from the page. With `claims` they are taken as the person left them, in place of what the server
 * reads from the summary; with `confirm` those that wait are confirmed and count. `key` makes a repeat of the call harmless.
 */
export const registerDeploy = action(
  newDeploySchema.extend({
    claims: claims.optional(),
    confirm: z.boolean().optional(),
    by: personSchema.optional(),
    key: z.string().min(8).max(128),
  }),
  async (
    _call,
    { claims: held, confirm, by, key, ...told },
  ): Promise<{ id: string; how: 'new' | 'merged' }> => {
    const runtime = getRuntime();
    const { deploy, how } = await register(runtime, {
      told,
      origin: 'page',
      // The key alone tells: a page makes one for each summary that it sends.
      replay: { sender: 'page', key, signedAs: null, body: '' },
    });
    if (held !== undefined || confirm === true) {
      await changeClaims(runtime, {
        id: deploy.id,
        // Of a deploy that was known, claims that this person has not seen stay.
        claims: held === undefined ? null : how === 'new' ? held : joinClaims(held, deploy.claims),
        confirm: confirm === true,
        by: by ?? null,
      });
    }
    return { id: deploy.id, how: how === 'new' ? 'new' : 'merged' };
  },
  { name: 'registerDeploy', cost: COST },
);

/** Saves claims as a person left them; those that are left out count as removed. */
export const saveClaims = action(
  z.strictObject({ id: deployIdSchema, claims, by: personSchema.optional() }),
  async (_call, { id, claims: held, by }): Promise<Deploy> =>
    changeClaims(getRuntime(), { id, claims: held, confirm: false, by: by ?? null }),
  { name: 'saveClaims', cost: COST },
);

/** Confirms every claim that waits, after `claims` were saved where they are given. From then on they count. */
export const confirmClaims = action(
  z.strictObject({ id: deployIdSchema, claims: claims.optional(), by: personSchema.optional() }),
  async (_call, { id, claims: held, by }): Promise<Deploy> =>
    changeClaims(getRuntime(), { id, claims: held ?? null, confirm: true, by: by ?? null }),
  { name: 'confirmClaims', cost: COST },
);
