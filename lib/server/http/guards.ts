import 'server-only';
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { ActionErrorCode } from '@/lib/core/model/view.ts';
import type { AuthService, Need } from '../auth/index.ts';
import type { Log } from '../log/index.ts';
import { isAway } from '../store/main/errors.ts';
import type { Store } from '../store/store.ts';

/** What the guards need of the runtime. */
export interface GuardDeps {
  auth: AuthService;
  log: Pick<Log, 'error'>;
  store?: Pick<Store, 'stats'>;
}

/** Who may call: anybody, those who may read, send log lines or tell of deploys, or only the person of this server. */
export type AccessNeeded = 'public' | 'reader' | 'ingest' | 'deploy' | 'owner';

/** What `authorise` is asked for it. */
export const NEEDS: Record<Exclude<AccessNeeded, 'public'>, Need> = {
  reader: 'read',
  ingest: 'ingest',
  deploy: 'deploy',
  owner: 'owner',
};

/**
 * A failure that the caller may be told: who, what, what to do. Anything else that is thrown is a fault of ours and
 * stays in the log. `details` go beside the message, such as `{suggestions: [...]}`.
 */
export class KnownError extends Error {
  override readonly name = 'KnownError';
  /** By name: what the process holds was built apart from its routes and actions, with a class of its own. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'KnownError';
  }
  constructor(
    readonly code: ActionErrorCode,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}

/** What may be told of a failure: what is known, or that the store is away. Null for a fault of ours. */
export function tellable(error: unknown): KnownError | null {
  if (error instanceof KnownError) return error;
  return isAway(error) ? new KnownError('not_ready', STORE_AWAY) : null;
}

/** Writes a fault of ours down; gives a message without its text, with the id to find it by. */
export function reportFault(
  deps: GuardDeps | null,
  error: unknown,
  where: string,
): { id: string; message: string } {
  const id = randomBytes(5).toString('hex');
  deps?.log.error({ err: error, id, where }, 'a request failed');
  return { id, message: `Something went wrong on the server. Its log has the details under ${id}.` };
}

/** The same schema, but a field that it does not know is an error, unless it says itself what to do with one. */
export function refuseUnknown<S extends z.ZodType>(schema: S): S {
  const open = schema instanceof z.ZodObject && schema.def.catchall === undefined;
  // Refusing unknown fields changes neither the input nor the output type.
  return open ? (schema.strict() as unknown as S) : schema;
}

/** All faults of an input in one line: `range: expected …; step: …`. Holds names of fields, never whole values. */
export function describeIssues(error: z.ZodError): string {
  return error.issues
    .slice(0, 10)
    .map((issue) => {
      if (issue.code === 'unrecognized_keys') {
        return `unknown: ${issue.keys
          .slice(0, 5)
          .map((key) => key.slice(0, 60))
          .join(', ')}`;
      }
      const path = issue.path.map(String).join('.').slice(0, 120);
      return path === '' ? issue.message : `${path}: ${issue.message}`;
    })
    .join('; ');
}

export const TOO_MANY = 'Too many requests. Wait a moment and try again.';
export const STORE_AWAY =
  'The store can’t be reached at the moment. Nothing was changed; it is tried again by itself.';
export const NOT_READY = 'The server is starting. Try again in a moment.';
