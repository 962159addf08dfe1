import { z } from 'zod';
import { readTextFile } from '@/lib/server/config/environment.ts';
import { describeFaults, FaultList } from '@/lib/server/config/faults.ts';
import { errorCode, Variables } from '@/lib/server/config/variables.ts';
import type { CommandIo } from './command.ts';
import { plainText } from './text.ts';

const DEFAULT_URL = 'http://127.0.0.1:3000';
const DEADLINE_MS = 10_000;
const MAX_BYTES = 5_000_000;
/** A file comes for as long as it takes, but never without a word for this long. */
const IDLE_MS = 30_000;

/** What a route says of a request that it refuses. */
const refusalSchema = z.object({ error: z.object({ message: z.string().min(1).max(2_000) }) });
const TOLD_STATUS: ReadonlySet<number> = new Set([400, 404, 409, 413, 429]);

export interface ServerQuestion {
  method: 'GET' | 'POST' | 'DELETE';
  /** From `/api/`. */
  path: string;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as they are, in place of a body. */
  bytes?: Uint8Array<ArrayBuffer>;
  /** Beside those of every request. */
  headers?: Readonly<Record<string, string>>;
  /** How long the server may take beyond the usual: it was asked to wait. */
  waitMs?: number;
}

/**
 * The answer, null when it is no JSON or too large; or one line that says why there is none. `refused` when the server
 * was reached and said no.
 */
export type ServerAnswer =
  | { raw: unknown; origin: string }
  | { fault: string; refused: boolean /** Null when nothing answered. */; status: number | null };

/** Asks a running Afterwatch at AFTERWATCH_URL. Never throws; no fault holds the token. */
export async function askServer(
  io: Pick<CommandIo, 'env'>,
  { waitMs = 0, ...question }: ServerQuestion,
): Promise<ServerAnswer> {
  const asked = prepare(io, question);
  if ('fault' in asked) return asked;
  const { url, init, hasToken } = asked;
  const deadlineMs = DEADLINE_MS + waitMs;
  const signal = AbortSignal.timeout(deadlineMs);
  try {
    const response = await fetch(url, { ...init, signal });
    const text = await readCapped(response);
    const raw = text === null ? null : parseJson(text);
    const fault = statusFault(response.status, raw, url, hasToken);
    return fault === null
      ? { raw, origin: url.origin }
      : { fault, refused: TOLD_STATUS.has(response.status), status: response.status };
  } catch (error) {
    return notAsked(networkFault(error, url, signal.aborted ? deadlineMs : null));
  }
}

/** A body that comes for as long as it likes, or one line that says why there is none. */
export type ServerStream = { pieces: AsyncIterable<Uint8Array> } | Extract<ServerAnswer, { fault: string }>;

/** Reads a file from a running Afterwatch. `pieces` throws a line that says what broke when it is cut off. */
export async function streamServer(io: Pick<CommandIo, 'env'>, path: string): Promise<ServerStream> {
  const asked = prepare(io, { method: 'GET', path });
  if ('fault' in asked) return asked;
  const { url, init, hasToken } = asked;
  const control = new AbortController();
  const watch = setTimeout(() => control.abort(), IDLE_MS);
  try {
    const response = await fetch(url, { ...init, signal: control.signal });
    if (response.status === 200 && response.body !== null)
      return { pieces: watched(response.body, watch, url, control.signal) };
    const text = await readCapped(response);
    clearTimeout(watch);
    const fault = statusFault(response.status, text === null ? null : parseJson(text), url, hasToken);
    return {
      fault: fault ?? `${url.origin} sent nothing`,
      ...{ refused: TOLD_STATUS.has(response.status), status: response.status },
    };
  } catch (error) {
    clearTimeout(watch);
    return notAsked(networkFault(error, url, control.signal.aborted ? IDLE_MS : null));
  }
}

async function* watched(
  body: AsyncIterable<Uint8Array>,
  watch: NodeJS.Timeout,
  url: URL,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of body) {
      watch.refresh();
      yield piece;
    }
  } catch (error) {
    const why = signal.aborted ? `sent nothing for ${IDLE_MS / 1_000} s` : 'broke off in the middle';
    throw new Error(`${url.origin} ${why}`, { cause: error });
  } finally {
    clearTimeout(watch);
  }
}

interface Prepared {
  url: URL;
  init: RequestInit;
  hasToken: boolean;
}

function prepare(
  { env }: Pick<CommandIo, 'env'>,
  { method, path, body, bytes, headers: own = {} }: Omit<ServerQuestion, 'waitMs'>,
): Prepared | Extract<ServerAnswer, { fault: string }> {
  const faults = new FaultList();
  const token = new Variables(env, readTextFile, faults).value('AFTERWATCH_TOKEN');
  if (faults.size > 0) return notAsked(describeFaults(faults.sorted()));
  const url = urlOf(env.AFTERWATCH_URL || DEFAULT_URL, path);
  if (url === null)
    return notAsked('AFTERWATCH_URL must be an http:// or https:// address without credentials');
  if (token !== null && !/^[\x21-\x7e]+$/.test(token))
    return notAsked('AFTERWATCH_TOKEN holds a character that cannot be sent; give it again without spaces');
  const headers = {
    ...own,
    accept: 'application/json',
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(bytes === undefined ? {} : { 'content-type': 'application/octet-stream' }),
    // A write proves where it comes from: by a token, else by the address that it was sent to.
    ...(token !== null
      ? { authorization: `Bearer ${token}` }
      : method === 'GET'
        ? {}
        : { origin: url.origin }),
  };
  // A redirect could carry the token to another host.
  const sent = bytes ?? (body === undefined ? null : JSON.stringify(body));
  return { url, init: { method, headers, redirect: 'manual', body: sent }, hasToken: token !== null };
}

function notAsked(fault: string): Extract<ServerAnswer, { fault: string }> {
  return { fault, refused: false, status: null };
}

function urlOf(base: string, path: string): URL | null {
  const url = URL.canParse(base) ? new URL(base) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    return null;
  return new URL(`${url.origin}${url.pathname.replace(/\/+$/, '')}${path}`);
}

function statusFault(status: number, raw: unknown, { origin }: URL, hasToken: boolean): string | null {
  if (status === 200 || status === 201) return null;
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
  const told = TOLD_STATUS.has(status) ? refusalSchema.safeParse(raw) : null;
  if (told?.success) return plainText(told.data.error.message);
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

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function networkFault(error: unknown, { origin }: URL, deadlineMs: number | null): string {
  if (deadlineMs !== null) return `${origin} did not answer within ${Math.round(deadlineMs / 1_000)} s`;
  const code = errorCode(error instanceof Error ? error.cause : error);
  return `cannot reach ${origin} (${code}): is it running, and is AFTERWATCH_URL right?`;
}
