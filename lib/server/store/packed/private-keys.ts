import 'server-only';

/**
 * State that is of this installation and never leaves it: what people and machines sign in with, the links that were
 * given away, and the copies that they open. A backup does not hold it, and a restore leaves it as it is. A key belongs
 * here when it equals one of these, or begins with one that ends in a slash.
 */
const PRIVATE_KEYS = ['auth/', 'session/', 'tokens', 'hook-secrets', 'badges', 'shares/'] as const;

/** True for state that stays where it is. */
export function isPrivateKey(key: string): boolean {
  return PRIVATE_KEYS.some((one) => (one.endsWith('/') ? key.startsWith(one) : key === one));
}
