import 'server-only';
import type { z } from 'zod';
import type { ActionErrorCode } from '@/lib/core/model/view.ts';
import { isReadingMethod } from '@/lib/core/security/request-rules.ts';
import type { Asker, Grant, Need } from '../auth/index.ts';
import { readAsker } from '../auth/request-facts.ts';
import {
  type AccessNeeded,
  describeIssues,
  type GuardDeps,
  KnownError,
  NEEDS,
  NOT_READY,
  refuseUnknown,
  reportFault,
  TOO_MANY,
  tellable,
} from './guards.ts';
import { INERT_CSP, NEVER_STORED } from './headers.ts';

/** How a route is guarded. */
export interface RouteOptions {
  access: AccessNeeded;
  /** What one request that is let in takes from the client's 600 a minute; 1 when left out. */
  cost?: number;
}

/** A request that has passed the guard. */
export interface RouteCall {
  request: Request;
  /** Path parameters, such as `{ id: 'v12' }`. */
  params: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Null on a public route, where nobody was asked. */
  grant: Grant | null;
  asker: Asker;
}

/** A Next route handler. */
export type RouteHandler = (
  request: Request,
  context: { params: Promise<Record<string, string | string[] | undefined>> },
) => Promise<Response>;

const STATUS: Record<ActionErrorCode, number> = {
  bad_input: 400,
  not_signed_in: 401,
  forbidden: 403,
  not_found: 404,
  too_many: 429,
  internal: 500,
  not_ready: 503,
};

/**
 * Wraps a route: who asks, how often, with which parameters; then `handler`, whose plain value is sent as JSON. All
 * failures are `{error: {code, message, …details}}`. `readDeps` throws while the server is starting.
 */
export function guardRoute<S extends z.ZodType>(
  readDeps: () => GuardDeps,
  schema: S,
  options: RouteOptions,
  handler: (call: RouteCall, query: z.output<S>) => unknown,
): RouteHandler {
  const strict = refuseUnknown(schema);
  return async (request, context) => {
    let deps: GuardDeps | null = null;
    const url = new URL(request.url);
    try {
      deps = readOrNull(readDeps);
      if (deps === null) throw new KnownError('not_ready', NOT_READY);
      const asker = readAsker(request.headers, { method: request.method, path: url.pathname });
      const { access, cost = 1 } = options;
      // Who is turned away pays for the turning away, and not for what they were not given.
      await takeTurn(deps, asker, access === 'public' ? cost : 1);
      const grant = access === 'public' ? null : await admit(deps, asker, NEEDS[access]);
      if (access !== 'public' && cost > 1) await takeTurn(deps, asker, cost - 1);
      const query = strict.safeParse(readQuery(url.searchParams));
      if (!query.success) throw new KnownError('bad_input', describeIssues(query.error));
      const answer = await handler({ request, params: await context.params, grant, asker }, query.data);
      return secured(answer instanceof Response ? answer : Response.json(answer));
    } catch (error) {
      const known = tellable(error);
      if (known !== null) return secured(failure(known));
      const fault = reportFault(deps, error, `${request.method} ${url.pathname}`);
      return secured(failure(new KnownError('internal', fault.message, { id: fault.id })));
    }
  };
}

async function takeTurn({ auth }: GuardDeps, { client }: Asker, cost: number): Promise<void> {
  const turn = await auth.takeTurn(client, cost);
  if (!turn.ok) throw new KnownError('too_many', TOO_MANY, { retryAfterSeconds: turn.retryAfterSeconds });
}

async function admit(deps: GuardDeps, asker: Asker, need: Need): Promise<Grant> {
  const access = await deps.auth.authorise(asker, need);
  if (!access.ok) throw new KnownError(access.refusal.code, access.refusal.message);
  // A token is sent on purpose, a cookie by the browser: with a cookie the origin must be ours.
  if (!isReadingMethod(asker.method)) {
    const refusal = deps.auth.judgeOrigin(asker);
    if (refusal !== null) throw new KnownError('forbidden', refusal.message);
  }
  return access.grant;
}

function readOrNull(readDeps: () => GuardDeps): GuardDeps | null {
  try {
    return readDeps();
  } catch {
    return null;
  }
}

/** A parameter that is given once is a text, given more than once a list. */
function readQuery(params: URLSearchParams): Record<string, string | string[]> {
  const names = [...new Set(params.keys())].filter((name) => name !== '_rsc');
  return Object.fromEntries(
    names.map((name) => {
      const values = params.getAll(name);
      return [name, values.length === 1 ? (values[0] ?? '') : values];
    }),
  );
}

function failure(error: KnownError): Response {
  const { retryAfterSeconds, ...details } = error.details;
  const response = Response.json(
    { error: { code: error.code, message: error.message, ...details } },
    { status: STATUS[error.code] },
  );
  if (typeof retryAfterSeconds === 'number') response.headers.set('Retry-After', String(retryAfterSeconds));
  else if (error.code === 'not_ready') response.headers.set('Retry-After', '1');
  if (error.code === 'not_signed_in') response.headers.set('WWW-Authenticate', 'Bearer realm="afterwatch"');
  return response;
}

/** Set here too, so that a route is safe even where the proxy did not run. A handler's own policy wins. */
function secured(response: Response): Response {
  const headers = new Headers(response.headers);
  if (!headers.has('Cache-Control')) headers.set('Cache-Control', NEVER_STORED);
  if (!headers.has('Content-Security-Policy')) headers.set('Content-Security-Policy', INERT_CSP);
  headers.set('X-Content-Type-Options', 'nosniff');
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
