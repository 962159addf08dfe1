import 'server-only';
import type { z } from 'zod';
import type { ActionErrorCode, ActionResult } from '@/lib/core/model/view.ts';
import type { Asker, AuthService, Grant } from '../auth/index.ts';
import {
  type AccessNeeded,
  describeIssues,
  type GuardDeps,
  NOT_READY,
  refuseUnknown,
  reportFault,
  TOO_MANY,
  tellable,
} from './guards.ts';

/** How an action is guarded; only for people who may read when left out. */
export interface ActionOptions {
  access?: Extract<AccessNeeded, 'public' | 'reader'>;
  /** What one call takes from the client's 600 a minute; 1 when left out. */
  cost?: number;
  /** For the log; the request path when left out. */
  name?: string;
}

/** A call that has passed the guard. */
export interface ActionCall {
  /** Null on a public action. */
  grant: Grant | null;
  asker: Asker;
  auth: AuthService;
}

/** What an action learns about the server and its caller at the moment of the call. */
export interface ActionWorld {
  /** Throws while the server is starting. */
  readDeps: () => GuardDeps;
  readAsker: () => Promise<Asker>;
  /** Throws again what belongs to the framework, such as a redirect. */
  rethrow: (error: unknown) => void;
}

/**
 * Wraps an action. Every action is a public POST, also to pages that do not use it, so each call is checked from the
 * start: who asks, from where, how often, with what. Failures are values, since thrown texts are blanked in production.
 */
export function guardAction<S extends z.ZodType, T>(
  world: ActionWorld,
  schema: S,
  handler: (call: ActionCall, input: z.output<S>) => Promise<T> | T,
  options: ActionOptions = {},
): (input: z.input<S>) => Promise<ActionResult<T>> {
  const strict = refuseUnknown(schema);
  return async (input) => {
    let deps: GuardDeps;
    try {
      deps = world.readDeps();
    } catch {
      return fail('not_ready', NOT_READY);
    }
    let where = options.name ?? 'action';
    let mayRead = false;
    // Goes with every answer to a reader, so that a page says it at its next tick, whatever it asked for.
    const withOutage = <R extends ActionResult<T>>(result: R): R => {
      const outage = mayRead ? (deps.store?.stats().outage ?? null) : null;
      return outage === null ? result : { ...result, outage };
    };
    try {
      const asker = await world.readAsker();
      where = options.name ?? asker.path;
      let grant: Grant | null = null;
      if (options.access !== 'public') {
        // Actions belong to pages, and pages to people: a made token uses the API.
        const access = await deps.auth.authorise(asker, 'owner');
        if (!access.ok) return fail(access.refusal.code, access.refusal.message);
        grant = access.grant;
        mayRead = true;
      }
      const refusal = deps.auth.judgeOrigin(asker);
      if (refusal !== null) return fail('forbidden', refusal.message);
      const parsed = strict.safeParse(input);
      if (!parsed.success) return fail('bad_input', describeIssues(parsed.error));
      const turn = await deps.auth.takeTurn(asker.client, options.cost);
      if (!turn.ok) return fail('too_many', TOO_MANY);
      const data = await handler({ grant, asker, auth: deps.auth }, parsed.data);
      return withOutage({ ok: true, data });
    } catch (error) {
      world.rethrow(error);
      const known = tellable(error);
      if (known !== null) return withOutage(fail(known.code, known.message));
      return withOutage(fail('internal', reportFault(deps, error, where).message));
    }
  };
}

function fail(
  code: ActionErrorCode,
  message: string,
): { ok: false; error: { code: ActionErrorCode; message: string } } {
  return { ok: false, error: { code, message } };
}
