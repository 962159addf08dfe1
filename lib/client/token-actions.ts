import { endToken, makeToken, readTokens } from '@/lib/actions/tokens.ts';
import type { TokenActions } from './use-tokens.ts';

/** The real server actions behind the list of tokens. */
export const tokenActions: TokenActions = { readTokens, makeToken, endToken };
