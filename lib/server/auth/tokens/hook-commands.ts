import 'server-only';
import { KnownError } from '../../http/guards.ts';
import type { AuthService } from '../index.ts';
import { HookSecretFault, type HookSecretView } from './hook-secrets.ts';

type Deps = { auth: Pick<AuthService, 'hooks'> };

/** Makes the secret of a hook for a person. Throws `KnownError` when none can be kept, or there are too many. */
export async function createHook({ auth }: Deps, name: string): Promise<HookSecretView & { secret: string }> {
  try {
    return await auth.hooks.create(name);
  } catch (error) {
    if (error instanceof HookSecretFault) throw new KnownError('bad_input', error.message);
    throw error;
  }
}

/** Forgets a hook for a person. Throws `KnownError` when there is none of that id. */
export async function revokeHook({ auth }: Deps, id: string): Promise<{ revoked: string }> {
  if (!(await auth.hooks.revoke(id))) throw new KnownError('not_found', 'There is no hook of that id.');
  return { revoked: id };
}
