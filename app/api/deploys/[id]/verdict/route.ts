import { guardedRoute, KnownError } from '@/lib/server/http/route-guard.ts';
import { verdictQuerySchema } from '@/lib/server/notify/verdict-query.ts';
import { waitForVerdict } from '@/lib/server/notify/wait-verdict.ts';
import { getRuntime } from '@/lib/server/runtime.ts';

/**
 * The verdict on a deploy for machines; with `wait`, once its promises are kept or not kept, or when the time is up.
 * The id may be a release, or `latest`.
 */
export const GET = guardedRoute(
  verdictQuerySchema,
  { access: 'reader', cost: 2 },
  async ({ request, params, asker }, { wait, ...asked }) => {
    const runtime = getRuntime();
    const base = runtime.config.publicUrl?.origin ?? `http://${asker.host ?? 'localhost'}`;
    const answer = await waitForVerdict(
      runtime,
      { ...asked, name: nameOf(params.id), waitMs: wait * 1_000, base },
      request.signal,
    );
    if (answer === null) throw new KnownError('not_found', 'There is no deploy of that id or release.');
    return answer;
  },
);

/** A release may hold signs that a path writes as `%40`. */
function nameOf(id: string | readonly string[] | undefined): string {
  const text = typeof id === 'string' ? id : '';
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
