import 'server-only';
import { wordState } from './health.ts';
import { type HealthBody, objectSchema } from './schema.ts';

/** What a health endpoint says of Redis by name. */
export type HealthRedis = 'passing' | 'failing' | 'suspended';

const SUSPENDED = /^(suspended|disabled|off|skipped|bypassed|paused)$/i;
const MAX_PARTS = 200;

/**
 * The part of a health body that is about Redis (draft `checks`, Actuator `components`, Terminus `details`, or a field of
 * its own); null when none is named or its word is not known. The state of the whole says nothing about Redis.
 */
export function readHealthRedis(body: HealthBody): HealthRedis | null {
  for (const group of [body.checks, body.components, body.details, body]) {
    const parts = objectSchema.safeParse(group);
    if (!parts.success) continue;
    const named = Object.entries(parts.data)
      .slice(0, MAX_PARTS)
      .filter(([name]) => /^redis([:_.-]|$)|^upstash([:_.-]|$)/i.test(name));
    const words = named.flatMap(([, part]) => (Array.isArray(part) ? part.slice(0, MAX_PARTS) : [part]));
    const states = words.map(stateOf);
    for (const state of ['suspended', 'failing', 'passing'] as const) {
      if (states.includes(state)) return state;
    }
  }
  return null;
}

function stateOf(part: unknown): HealthRedis | null {
  const fields = objectSchema.safeParse(part);
  if (fields.success && fields.data.suspended === true) return 'suspended';
  const word = fields.success ? (fields.data.status ?? fields.data.mode) : part;
  if (typeof word === 'string' && SUSPENDED.test(word.trim())) return 'suspended';
  const state = wordState(word);
  return state === 'passing' || state === 'failing' ? state : null;
}
