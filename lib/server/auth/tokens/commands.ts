import 'server-only';
import type { MadeToken } from '@/lib/core/model/token.ts';
import { MAX_TOKENS } from '@/lib/core/model/token.ts';
import { KnownError } from '../../http/guards.ts';
import type { AuthService } from '../index.ts';
import type { NewToken } from './token-schema.ts';
import { TooManyTokens } from './tokens.ts';

type Deps = { auth: Pick<AuthService, 'tokens'> };

/** Makes a token for a person. Throws `KnownError` when there are too many. */
export async function createToken({ auth }: Deps, asked: NewToken): Promise<MadeToken> {
  try {
    return await auth.tokens.create(asked);
  } catch (error) {
    if (!(error instanceof TooManyTokens)) throw error;
    throw new KnownError(
      'bad_input',
      `There are ${MAX_TOKENS} tokens, and no more may be: revoke one first.`,
    );
  }
}

/** Revokes a token for a person: its next request is refused. Throws `KnownError` when there is none of that id. */
export async function revokeToken({ auth }: Deps, id: string): Promise<{ revoked: string }> {
  if (!(await auth.tokens.revoke(id))) throw new KnownError('not_found', 'There is no token of that id.');
  return { revoked: id };
}
