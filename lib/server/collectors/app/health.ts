import 'server-only';
import type { Notice } from '@/lib/core/model/scrape.ts';
import { cleanText } from './clean-text.ts';
import { type HealthBody, healthBodySchema, objectSchema } from './schema.ts';

export const HEALTH_STATES = ['passing', 'warning', 'failing', 'unknown'] as const;
export type HealthState = (typeof HEALTH_STATES)[number];

/** A health endpoint's answer, judged. */
export interface HealthReading {
  state: HealthState;
  /** The parsed body when it is a JSON object; null otherwise. */
  body: HealthBody | null;
  notices: readonly Notice[];
}

export interface HealthAnswer {
  status: number;
  contentType: string | null;
  text: string;
}

const WORDS: Readonly<Record<string, HealthState>> = {
  pass: 'passing',
  passing: 'passing',
  ok: 'passing',
  okay: 'passing',
  up: 'passing',
  healthy: 'passing',
  alive: 'passing',
  ready: 'passing',
  warn: 'warning',
  warning: 'warning',
  degraded: 'warning',
  fail: 'failing',
  failed: 'failing',
  failing: 'failing',
  error: 'failing',
  down: 'failing',
  unhealthy: 'failing',
  critical: 'failing',
  out_of_service: 'failing',
  shutting_down: 'failing',
};
/** From worst to best; `unknown` says nothing and never makes another word better or worse. */
const SEVERITY: readonly HealthState[] = ['failing', 'warning', 'passing'];
const MAX_PARTS = 200;

/**
 * Reads the health shapes that are in use. A body that says nothing we know is `unknown`, also with 200: reachable is
 * not healthy. When body and HTTP status disagree, the worse of the two holds and a notice says so.
 */
export function readHealth(answer: HealthAnswer): HealthReading {
  const json = parseJson(answer.text);
  const body = healthBodySchema.safeParse(json);
  const object = body.success && !Array.isArray(json) ? body.data : null;
  const said = object === null ? plainState(json, answer) : objectState(object);
  const byStatus = stateByStatus(answer.status);
  const notices: Notice[] = [];

  if (disagree(said, byStatus)) {
    notices.push({
      code: 'health_disagrees',
      text: `The health endpoint answered HTTP ${answer.status} with a body that says ${said}: one of them is wrong. The worse of the two is shown; make both say the same.`,
    });
  }
  let state = worse(said, byStatus === 'failing' ? 'failing' : 'unknown');
  const sick = object === null ? [] : failingParts(object);
  if (state === 'passing' && sick.length > 0) {
    state = 'warning';
    notices.push({
      code: 'health_part_failing',
      text: `The health endpoint says that all is well while its part ${sick.slice(0, 3).join(', ')} says it fails; shown as a warning.`,
    });
  }
  if (state === 'unknown') notices.push(unreadable(answer));
  return { state, body: object, notices };
}

/** 1 while it serves (passing or warning), 0 when it fails, null when the endpoint does not say. */
export function healthValue(state: HealthState): number | null {
  switch (state) {
    case 'passing':
    case 'warning':
      return 1;
    case 'failing':
      return 0;
    case 'unknown':
      return null;
    default:
      return state satisfies never;
  }
}

/** JSON of any kind; undefined when the text is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A word alone, or true and false; `unknown` when it says nothing that we know. */
export function wordState(value: unknown): HealthState {
  if (value === true) return 'passing';
  if (value === false) return 'failing';
  if (typeof value !== 'string' || value.length > 40) return 'unknown';
  const word = value.trim().toLowerCase().replace(/[.!]$/, '').replaceAll('-', '_');
  return Object.hasOwn(WORDS, word) ? (WORDS[word] ?? 'unknown') : 'unknown';
}

function objectState(body: HealthBody): HealthState {
  for (const value of [body.status, body.ok, body.healthy]) {
    // `{"status": 200}` repeats the HTTP status; it says nothing of its own.
    const state = typeof value === 'number' ? 'unknown' : wordState(value);
    if (state !== 'unknown') return state;
  }
  return 'unknown';
}

/** A word alone, as text or as a JSON string; 204 has no body and still means "fine". */
function plainState(json: unknown, { status, text }: HealthAnswer): HealthState {
  if (status === 204) return 'passing';
  return wordState(json === undefined ? text : json);
}

function stateByStatus(status: number): HealthState {
  if (status >= 200 && status < 400) return 'passing';
  return status >= 500 ? 'failing' : 'unknown';
}

function disagree(said: HealthState, byStatus: HealthState): boolean {
  if (said === 'unknown') return false;
  return (said === 'failing') !== (byStatus !== 'passing');
}

function worse(a: HealthState, b: HealthState): HealthState {
  return SEVERITY.find((state) => state === a || state === b) ?? 'unknown';
}

/** Names of the parts (draft `checks`, Actuator `components`, Terminus `details`) that say they fail. */
function failingParts(body: HealthBody): string[] {
  const failing: string[] = [];
  for (const group of [body.checks, body.components, body.details]) {
    const parts = objectSchema.safeParse(group);
    if (!parts.success) continue;
    for (const [name, part] of Object.entries(parts.data).slice(0, MAX_PARTS)) {
      const entries = Array.isArray(part) ? part.slice(0, MAX_PARTS) : [part];
      if (entries.some((entry) => partState(entry) === 'failing')) failing.push(cleanText(name, 40));
    }
  }
  return failing;
}

function partState(part: unknown): HealthState {
  const fields = objectSchema.safeParse(part);
  return fields.success
    ? wordState(fields.data.status)
    : wordState(typeof part === 'string' ? part : undefined);
}

function unreadable({ status, text, contentType }: HealthAnswer): Notice {
  const html = (contentType ?? '').includes('html') || text.trimStart().startsWith('<');
  const what = html ? 'an HTML page' : text.trim() === '' ? 'nothing' : 'a body that names no state';
  return {
    code: 'health_unknown',
    text: `The health endpoint answered HTTP ${status} with ${what}: the machine can be reached, but that does not say it is healthy. Answer {"status":"pass"} or {"status":"fail"}, or name the right path under health in the config.`,
  };
}
