import 'server-only';
import { z } from 'zod';
import { MARK_KINDS } from '@/lib/core/model/view.ts';
import { describeIssues, KnownError } from '../http/guards.ts';
import { type NewDeploy, newDeploySchema } from './new-deploy.ts';

/** What may stand in the query beside a summary that is the whole body. */
export const toldQuerySchema = newDeploySchema
  .pick({ release: true, kind: true, time: true, end: true, app: true, environment: true, title: true })
  .strict();

const part = z.string().min(1).max(64);
const kind = z.enum(MARK_KINDS);
/** What the list of deploys may be asked for. */
export const listQuerySchema = z.object({
  app: part.optional(),
  environment: part.optional(),
  kind: z.union([kind, z.array(kind).max(MARK_KINDS.length)]).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});
type ToldQuery = z.output<typeof toldQuerySchema>;

/**
 * A deploy as a request tells it: JSON, or a summary as text with the other fields in the query. Throws `KnownError`.
 */
export function readTold(contentType: string | null, body: Uint8Array, query: ToldQuery): NewDeploy {
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const text = new TextDecoder().decode(body);
  const given =
    type === 'text/markdown' || type === 'text/plain'
      ? { ...query, summary: text }
      : readJson(type, text, query);
  const told = newDeploySchema.strict().safeParse(given);
  if (!told.success) throw new KnownError('bad_input', describeIssues(told.error));
  return told.data;
}

function readJson(type: string, text: string, query: ToldQuery): unknown {
  if (type !== 'application/json')
    throw new KnownError('bad_input', 'Content-Type: application/json or text/markdown was expected');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new KnownError('bad_input', 'The body is no JSON.');
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new KnownError(
      'bad_input',
      'A JSON object was expected, such as {"release": "v1203", "summary": "…"}',
    );
  return { ...query, ...json };
}
