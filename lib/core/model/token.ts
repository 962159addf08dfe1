/** What a token may do: send log lines, tell of deploys and plan maintenance, read. */
export const TOKEN_SCOPES = ['ingest', 'deploy', 'read'] as const;
export type TokenScope = (typeof TOKEN_SCOPES)[number];

export const MAX_TOKENS = 100;

/** A token as people see it. Its own text is shown once, when it is made, and is kept nowhere. */
export interface TokenView {
  /** Names the token in lists and when it is revoked; no secret. */
  id: string;
  name: string;
  scopes: readonly TokenScope[];
  createdAtMs: number;
  /** To the hour; null when it was never used. */
  lastUsedAtMs: number | null;
}

/** A token that was made just now. */
export interface MadeToken extends TokenView {
  /** `aw_…`: the only time that it is told. */
  token: string;
}
