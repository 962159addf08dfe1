import 'server-only';
import type { Deploy, DeployOrigin, HeldClaim } from '@/lib/core/model/deploy.ts';
import { KnownError, NOT_READY } from '../http/guards.ts';
import type { Runtime } from '../runtime.ts';
import { chooseToldScope } from './choose-told-scope.ts';
import type { DeployBook, Registered, Replay } from './deploy-book.ts';
import { MOST_AHEAD_MS } from './instant.ts';
import type { NewDeploy } from './new-deploy.ts';

type Deps = Pick<Runtime, 'config' | 'clock' | 'deploys'>;

export interface ToldDeploy {
  told: NewDeploy;
  origin: Exclude<DeployOrigin, 'noticed'>;
  replay: Replay;
}

/** A key that came back with something else in it. */
export class KeyReused extends Error {
  override readonly name = 'KeyReused';
}

/** Registers a deploy that somebody tells of. Throws `KnownError`, and `KeyReused`. */
export async function registerDeploy(
  runtime: Deps,
  { told, origin, replay }: ToldDeploy,
): Promise<Exclude<Registered, { how: 'conflict' }>> {
  const book = needBook(runtime);
  const waitSeconds = await book.takeTurn(replay.sender);
  if (waitSeconds !== null) {
    throw new KnownError(
      'too_many',
      'More than 60 deploys a minute from one sender. Wait and send it again.',
      {
        retryAfterSeconds: waitSeconds,
      },
    );
  }
  const nowMs = runtime.clock.wallMs();
  if (told.time !== undefined && told.time > nowMs + MOST_AHEAD_MS)
    throw new KnownError('bad_input', 'time: at most 7 days ahead were expected');
  if (told.end !== undefined && told.end < (told.time ?? nowMs))
    throw new KnownError('bad_input', 'end: an instant after time was expected');
  const registered = await book.register({
    scope: chooseToldScope(runtime, told),
    deploy: told,
    origin,
    replay,
  });
  if (registered.how === 'conflict') throw new KeyReused();
  return registered;
}

/** Saves claims as a person left them, confirms what waits, or both. Throws `KnownError`. */
export async function changeClaims(
  runtime: Deps,
  asked: { id: string; claims: readonly HeldClaim[] | null; confirm: boolean; by: string | null },
): Promise<Deploy> {
  const book = needBook(runtime);
  const { id, claims, confirm, by } = asked;
  const changed =
    confirm || claims === null ? await book.confirm(id, claims, by) : await book.editClaims(id, claims, by);
  if (changed === null) throw new KnownError('not_found', 'There is no deploy of that id.');
  return changed;
}

function needBook({ deploys }: Deps): DeployBook {
  if (deploys === undefined) throw new KnownError('not_ready', NOT_READY);
  return deploys;
}
