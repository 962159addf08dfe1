import { z } from 'zod';
import { readTextFile } from '@/lib/server/config/environment.ts';
import { describeFaults, FaultList } from '@/lib/server/config/faults.ts';
import { errorCode, Variables } from '@/lib/server/config/variables.ts';
import type { CommandIo } from './command.ts';

const DEFAULT_URL = 'http://127.0.0.1:3000';
const DEADLINE_MS = 10_000;
const MAX_BYTES = 5_000_000;

const text = z.string();
const sourceSchema = z.looseObject({
  id: text,
  kind: text,
  name: text,
  state: text,
  ageSeconds: z.number().nullable(),
  lastError: text.nullable(),
  fix: text.nullish().transform((fix) => fix ?? null),
});
const bodySchema = z.looseObject({
  mode: z
    .looseObject({ mode: text, quality: text, evidence: text, sinceMs: z.number().nullable() })
    .nullable(),
  sources: z.array(sourceSchema),
  /** Firing ones. */
  alerts: z.array(z.unknown()),
  observer: z.looseObject({
    commands: z.number(),
    connects: z.number(),
    queries: z.number(),
    requests: z.number(),
  }),
});

export type StatusBody = z.output<typeof bodySchema>;
export type StatusSource = StatusBody['sources'][number];

/** The parsed body and the body as it came, or one line that says why there is none. */
export type StatusAnswer = { body: StatusBody; raw: unknown } | { fault: string };

/** Asks a running Afterwatch for `/api/status`. Never throws; no fault holds the token. */
export async function fetchStatus({ env }: Pick<CommandIo, 'env'>): Promise<StatusAnswer> {
  const faults = new FaultList();
  const token = new Variables(env, readTextFile, faults).value('AFTERWATCH_TOKEN');
  if (faults.size > 0) return { fault: describeFaults(faults.sorted()) };
  const url = statusUrl(env.AFTERWATCH_URL || DEFAULT_URL);
  if (url === null)
    return { fault: 'AFTERWATCH_URL must be an http:// or https:// address without credentials' };
  if (token !== null && !/^[\x21-\x7e]+$/.test(token)) {
    return { fault: 'AFTERWATCH_TOKEN holds a character that cannot be sent; give it again without spaces' };
  }
  const signal = AbortSignal.timeout(DEADLINE_MS);
  try {
    const headers = {
      accept: 'application/json',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    };
    // A redirect could carry the token to another host.
    const response = await fetch(url, { headers, redirect: 'manual', signal });
    const fault = statusFault(response, url, token !== null);
    if (fault !== null) {
      await response.body?.cancel();
      return { fault };
    }
    return readBody(await readCapped(response), url);
  } catch (error) {
    return { fault: networkFault(error, url, signal) };
  }
}

function statusUrl(base: string): URL | null {
  const url = URL.canParse(base) ? new URL(base) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    return null;
  return new URL(`${url.origin}${url.pathname.replace(/\/+$/, '')}/api/status`);
}

function statusFault({ status }: Response, { origin }: URL, hasToken: boolean): string | null {
  if (status === 200) return null;
  if (status === 401 || status === 403) {
    const fix = hasToken
      ? 'check AFTERWATCH_TOKEN'
      : 'set AFTERWATCH_TOKEN to the token that it was started with';
    return `${origin} refused (${status}): ${fix}`;
  }
  if (status === 503) return `${origin} is starting or cannot serve (503): try again in a moment`;
  if (status >= 300 && status < 400) {
    return `${origin} answered with a redirect (${status}): set AFTERWATCH_URL to the address it is really served at`;
  }
  return `${origin} answered ${status} where 200 was expected: check that AFTERWATCH_URL is an Afterwatch`;
}

async function readCapped(response: Response): Promise<string | null> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.byteLength;
    if (bytes > MAX_BYTES) return null;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function readBody(text: string | null, { origin }: URL): StatusAnswer {
  const raw = text === null ? null : parseJson(text);
  const parsed = bodySchema.safeParse(raw);
  if (parsed.success) return { body: parsed.data, raw };
  return {
    fault: `${origin} gave no status that we can read: check that AFTERWATCH_URL is an Afterwatch of this version`,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function networkFault(error: unknown, { origin }: URL, signal: AbortSignal): string {
  if (signal.aborted) return `${origin} did not answer within ${DEADLINE_MS / 1_000} s`;
  const code = errorCode(error instanceof Error ? error.cause : error);
  return `cannot reach ${origin} (${code}): is it running, and is AFTERWATCH_URL right?`;
}
