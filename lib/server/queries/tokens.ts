import 'server-only';
import { MAX_TOKENS, type TokenView } from '@/lib/core/model/token.ts';
import type { AuthService } from '../auth/index.ts';

export interface TokensView {
  /** Newest first, without their text. */
  tokens: readonly TokenView[];
  /** How many there may be. */
  most: number;
}

/** Tokens that people made. The one of the environment is not among them. */
export function readTokens({ auth }: { auth: Pick<AuthService, 'tokens'> }): TokensView {
  return { tokens: auth.tokens.list(), most: MAX_TOKENS };
}
