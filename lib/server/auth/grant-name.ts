import 'server-only';
import type { Grant } from './judge-access.ts';

/** Who does something, in words: people are not told apart by name, there is one password. Null where nobody was asked. */
export function grantName(grant: Grant | null): string | null {
  switch (grant?.kind) {
    case 'open':
      return 'somebody on this machine';
    case 'session':
      return 'somebody with the password';
    case 'token':
      return 'a program with the token';
    default:
      return null;
  }
}
