'use server';
import { z } from 'zod';
import type { MadeToken } from '@/lib/core/model/token.ts';
import { createToken, revokeToken } from '@/lib/server/auth/tokens/commands.ts';
import { newTokenSchema, tokenIdSchema } from '@/lib/server/auth/tokens/token-schema.ts';
import { readTokens as query, type TokensView } from '@/lib/server/queries/tokens.ts';
import { getRuntime } from '@/lib/server/runtime.ts';
import { action } from './action.ts';

/** Writes to the store: of 600 points a minute each takes 30. */
const COST = 30;

/** Tokens that people made, without their text. */
export const readTokens = action(z.strictObject({}), async (): Promise<TokensView> => query(getRuntime()), {
  name: 'readTokens',
});

/** Makes a token; its text is in the answer and never told again. */
export const makeToken = action(
  newTokenSchema,
  async (_call, asked): Promise<MadeToken> => createToken(getRuntime(), asked),
  { name: 'makeToken', cost: COST },
);

/** Revokes a token: its next request is refused. */
export const endToken = action(
  z.strictObject({ id: tokenIdSchema }),
  async (_call, { id }): Promise<{ revoked: string }> => revokeToken(getRuntime(), id),
  { name: 'endToken', cost: COST },
);
