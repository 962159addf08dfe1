import 'server-only';
import type { z } from 'zod';
import { getRuntime } from '../runtime.ts';
import { guardRoute, type RouteCall, type RouteHandler, type RouteOptions } from './guard-route.ts';

export type { RouteCall, RouteOptions } from './guard-route.ts';
export { KnownError } from './guards.ts';

/**
 * What every `app/api/**` route exports: `export const GET = guardedRoute(schema, {access: 'reader'}, handler)`.
 * `schema` is for the query string; a parameter that it does not name is refused. `handler` gives a value for JSON or a
 * `Response`; it throws `KnownError` for failures that the caller may be told.
 */
export function guardedRoute<S extends z.ZodType>(
  schema: S,
  options: RouteOptions,
  handler: (call: RouteCall, query: z.output<S>) => unknown,
): RouteHandler {
  return guardRoute(getRuntime, schema, options, handler);
}
