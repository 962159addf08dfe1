import 'server-only';
import { createHash } from 'node:crypto';
import { readBearer } from '@/lib/core/security/request-rules.ts';
import type { AuthService } from '../auth/index.ts';
import { HookSecretFault } from '../auth/tokens/hook-secrets.ts';
import { Replays, type SignatureFault, verifyHookSignature } from '../auth/tokens/hook-signature.ts';
import type { RouteCall } from '../http/guard-route.ts';
import { KnownError } from '../http/guards.ts';

/** Who tells of a deploy. */
export interface Sender {
  /** Names the token, hook or client in limits and keys; holds no secret. */
  name: string;
  /** Names a signed request for ever, so that sent again it changes nothing; null for one that is not signed. */
  signedAs: string | null;
}

/** How a signed call is checked. */
export interface SignedBy {
  signature: string;
  /** Left out for a sender that signs no time. */
  timestamp?: string | null;
  /** Id of the hook; null for the only one. */
  hook: string | null;
}

/** Who sends this request, by its token, its signature, or from a page of ours. Throws `KnownError` for anybody else. */
export async function identifySender(
  auth: AuthService,
  { request, asker }: Pick<RouteCall, 'request' | 'asker'>,
  body: Uint8Array,
  nowMs: number,
): Promise<Sender> {
  const signature = request.headers.get('x-afterwatch-signature');
  if (signature !== null) {
    const timestamp = request.headers.get('x-afterwatch-timestamp');
    return checkSignature(
      auth,
      { signature, timestamp, hook: request.headers.get('x-afterwatch-hook') },
      body,
      nowMs,
    );
  }
  const access = await auth.authorise(asker, 'deploy');
  if (!access.ok) throw new KnownError(access.refusal.code, access.refusal.message);
  const refusal = auth.judgeOrigin(asker);
  if (refusal !== null) throw new KnownError('forbidden', refusal.message);
  const token = readBearer(asker.authorization);
  const name =
    token === null
      ? `client ${asker.client}`
      : `token ${createHash('sha256').update(token).digest('hex').slice(0, 16)}`;
  return { name, signedAs: null };
}

/** The sender of a signed call. Throws `KnownError`, which does not say whether the hook or the signature was wrong. */
export function checkSignature(
  auth: Pick<AuthService, 'hooks'>,
  { signature, timestamp, hook }: SignedBy,
  body: Uint8Array,
  nowMs: number,
): Sender {
  const known = auth.hooks.list();
  const id = hook ?? (known.length === 1 ? known[0]?.id : undefined);
  if (id === undefined && known.length > 1)
    throw new KnownError(
      'bad_input',
      'There are several hooks: say which by its id, as afterwatch hook list shows it.',
    );
  const secret = id === undefined ? null : revealed(auth, id);
  // A signature is worked out all the same, so that the time tells nobody which hooks there are.
  const fault = verifyHookSignature(
    {
      secret: secret ?? 'none',
      body,
      signature,
      deliveryId: null,
      ...(timestamp === undefined ? {} : { timestamp }),
    },
    nowMs,
    // A call that is sent again is answered as it was before; what was answered is kept in the store.
    new Replays(),
  );
  if (secret === null || fault !== null) throw refused(secret === null ? 'forged' : (fault ?? 'forged'));
  const signed = createHash('sha256').update(signature.toLowerCase()).digest('hex');
  return { name: `hook ${id}`, signedAs: signed };
}

function revealed(auth: Pick<AuthService, 'hooks'>, id: string): string | null {
  try {
    return auth.hooks.reveal(id);
  } catch (error) {
    if (error instanceof HookSecretFault) throw new KnownError('not_ready', error.message);
    throw error;
  }
}

function refused(fault: SignatureFault): KnownError {
  switch (fault) {
    case 'expired':
      return new KnownError(
        'not_signed_in',
        'The signed time is more than 5 minutes away: check the clock of the sender.',
      );
    case 'missing':
      return new KnownError('not_signed_in', 'A signature and the signed time were expected in the headers.');
    case 'forged':
    case 'replayed':
      return new KnownError('not_signed_in', 'The signature is not that of a hook of this server.');
    default:
      return fault satisfies never;
  }
}
