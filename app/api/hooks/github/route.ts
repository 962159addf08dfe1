import { answerOf } from '@/lib/server/deploys/answer.ts';
import { registerDeploy } from '@/lib/server/deploys/commands.ts';
import { type HookPlace, hookQuerySchema, readDelivery } from '@/lib/server/deploys/github.ts';
import { checkSignature } from '@/lib/server/deploys/sender.ts';
import { readRequestBytes } from '@/lib/server/http/read-request.ts';
import { guardedRoute, KnownError } from '@/lib/server/http/route-guard.ts';
import { readScopes } from '@/lib/server/queries/scope.ts';
import { getRuntime } from '@/lib/server/runtime.ts';

const MAX_BYTES = 1024 * 1024;
const COST = 5;

/**
 * Deliveries of GitHub, signed with the secret of a hook: `deployment_status` (success) and `release` (published) register
 * a deploy, 201 or 200; anything else is answered 202 with a word. A delivery that comes again changes nothing.
 */
export const POST = guardedRoute(
  hookQuerySchema,
  { access: 'public', cost: COST },
  async ({ request, asker }, { hook, ...place }) => {
    const runtime = getRuntime();
    const body = await readRequestBytes(request, MAX_BYTES);
    const signature = request.headers.get('x-hub-signature-256');
    if (signature === null)
      throw new KnownError(
        'not_signed_in',
        'X-Hub-Signature-256 was expected: set the secret of the hook at GitHub.',
      );
    const sender = checkSignature(
      runtime.auth,
      { signature, hook: hook ?? null },
      body ?? Buffer.alloc(0),
      runtime.clock.wallMs(),
    );
    if (body === null)
      return Response.json(
        { error: { code: 'bad_input', message: 'The body is larger than 1 MB.' } },
        { status: 413 },
      );
    const read = readDelivery(
      request.headers.get('x-github-event') ?? '',
      payloadOf(request, body),
      place satisfies HookPlace,
      readScopes(runtime),
    );
    if ('ignored' in read) return Response.json({ ignored: read.ignored }, { status: 202 });
    // The signature is that of the body alone, so it names a delivery better than its id, which nobody signed.
    const { deploy, how } = await registerDeploy(runtime, {
      told: read.deploy,
      origin: 'github',
      replay: { sender: sender.name, key: null, signedAs: sender.signedAs, body },
    });
    return Response.json(answerOf(runtime, deploy, how, asker.host), { status: how === 'new' ? 201 : 200 });
  },
);

/** GitHub sends JSON, or a form with the JSON in it; which of them is chosen where the hook is set up. */
function payloadOf(request: Request, body: Uint8Array): unknown {
  const text = new TextDecoder().decode(body);
  const isForm = (request.headers.get('content-type') ?? '').startsWith('application/x-www-form-urlencoded');
  try {
    return JSON.parse(isForm ? (new URLSearchParams(text).get('payload') ?? '') : text);
  } catch {
    throw new KnownError(
      'bad_input',
      'The body is no JSON: choose application/json for this hook at GitHub.',
    );
  }
}
