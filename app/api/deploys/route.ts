import { answerOf } from '@/lib/server/deploys/answer.ts';
import { KeyReused, registerDeploy } from '@/lib/server/deploys/commands.ts';
import { MAX_SUMMARY_BYTES } from '@/lib/server/deploys/new-deploy.ts';
import { listQuerySchema, readTold, toldQuerySchema } from '@/lib/server/deploys/read-told.ts';
import { identifySender } from '@/lib/server/deploys/sender.ts';
import { readRequestBytes } from '@/lib/server/http/read-request.ts';
import { guardedRoute, KnownError, type RouteCall } from '@/lib/server/http/route-guard.ts';
import { readDeploys } from '@/lib/server/queries/deploys.ts';
import { getRuntime } from '@/lib/server/runtime.ts';

/** A summary is read and the store written: of 600 points a minute each takes 5, beside the 60 a minute of its sender. */
const COST = 5;

/** Deploys of one app, newest first: `{scope, scopes, deploys, all, asOfMs}`. */
export const GET = guardedRoute(
  listQuerySchema,
  { access: 'reader' },
  async (_call, { kind, limit, ...asked }) => {
    const { scope, scopes, deploys, all, asOfMs } = await readDeploys(getRuntime(), {
      ...asked,
      kinds: kind === undefined ? [] : [kind].flat(),
      most: limit,
    });
    return { scope, scopes, deploys, all, asOfMs };
  },
);

/**
 * Registers a deploy: `{id, url, claims, audit, …}`, 201 when it is new, else 200. Anybody may knock: the sender is asked
 * for once the body is here, since a signature is made of it.
 */
export const POST = guardedRoute(toldQuerySchema, { access: 'public', cost: COST }, async (call, query) => {
  const runtime = getRuntime();
  const { request, asker } = call;
  const body = await readRequestBytes(request, MAX_SUMMARY_BYTES);
  // Who asks comes first: a stranger is not told what a right request would be like.
  const sender = await identifySender(runtime.auth, call, body ?? Buffer.alloc(0), runtime.clock.wallMs());
  if (body === null)
    return refuse(413, 'bad_input', 'The body is larger than 64 KB: send a shorter summary.');
  const told = readTold(request.headers.get('content-type'), body, query);
  try {
    const { deploy, how } = await registerDeploy(runtime, {
      told,
      origin: request.headers.get('x-afterwatch-client') === 'cli' ? 'cli' : 'api',
      replay: {
        sender: sender.name,
        key: keyOf(call),
        signedAs: sender.signedAs,
        body: Buffer.concat([Buffer.from(`${new URL(request.url).search}\n`), body]),
      },
    });
    const answer = answerOf(runtime, deploy, how, asker.host);
    return Response.json(answer, { status: how === 'new' ? 201 : 200 });
  } catch (error) {
    if (!(error instanceof KeyReused)) throw error;
    return refuse(
      409,
      'conflict',
      'This Idempotency-Key was used for another request: take a new key for each deploy, the same one for its repeats.',
    );
  }
});

function keyOf({ request }: RouteCall): string | null {
  const key = request.headers.get('idempotency-key');
  if (key === null) return null;
  if (/^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new KnownError('bad_input', 'Idempotency-Key: 1 to 255 signs without spaces were expected');
}

function refuse(status: number, code: string, message: string): Response {
  return Response.json({ error: { code, message } }, { status });
}
