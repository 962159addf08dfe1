import 'server-only';
import { SECOND_MS } from '@/lib/core/time/range.ts';
import { FetchError } from '../../http/fetch-error.ts';
import type { ConnectOptions } from '../../http/guarded-connect.ts';
import { safeFetch } from '../../http/safe-fetch.ts';
import type { NoticeBody } from '../notice-body.ts';
import type { Tone } from '../plain-notice.ts';

/** One message on its way to one receiver. */
export interface Sending {
  id: string;
  body: NoticeBody;
  /** `body` exactly as it is kept: what is signed and sent must stay the same however often it is tried. */
  text: string;
  nowMs: number;
}

export interface SendOptions {
  signal?: AbortSignal;
  connect?: Partial<ConnectOptions>;
  deadlineMs?: number;
}

/**
 * What came of one try; no error text holds an address but its host, or anything that the receiver sent.
 * Whose fault it is: `receiver` it cannot take anything now · `message` it does not want this one · `gone` it wants none (410).
 */
export type Delivery =
  | { ok: true }
  | {
      ok: false;
      error: string;
      blame: 'receiver' | 'message' | 'gone';
      /** When it wants to be asked again; null when it did not say. */
      retryAfterMs: number | null;
      /** An answer by which services count misuse: 401, 403, 404, 429. */
      isInvalid: boolean;
    };

export const DEADLINE_MS = 15 * SECOND_MS;
/** What a receiver answers is not read, only counted. */
const MAX_ANSWER_BYTES = 1_000_000;

export const GLYPHS: Record<Tone, string> = {
  critical: '🔴',
  warning: '🟠',
  info: '🔵',
  good: '🟢',
  unknown: '⚪',
};

/** Posts one JSON text once; never rejects. Whatever is answered with 2xx is delivered; redirects are refused. */
export async function postJson(
  { url, address }: { url: string; address: string },
  { text, headers = {} }: { text: string; headers?: Readonly<Record<string, string>> },
  { signal, connect, deadlineMs = DEADLINE_MS }: SendOptions,
): Promise<Delivery> {
  try {
    const { status, retryAfterMs } = await safeFetch(
      // The address was written by the person who runs the server, so it may lie in a private network.
      { trust: 'config', ...connect },
      {
        url,
        method: 'POST',
        headers: { 'content-type': 'application/json', 'user-agent': 'afterwatch', ...headers },
        body: text,
        deadlineMs,
        maxBytes: MAX_ANSWER_BYTES,
        ...(signal === undefined ? {} : { signal }),
      },
    );
    return answered(status, address, retryAfterMs);
  } catch (error) {
    return failed(error instanceof FetchError ? error.message : `${address} could not be reached`);
  }
}

/** No answer, or none that tells whose fault it is. */
export function failed(error: string): Delivery {
  return { ok: false, error, blame: 'receiver', retryAfterMs: null, isInvalid: false };
}

function answered(status: number, address: string, retryAfterMs: number | null): Delivery {
  if (status >= 200 && status < 300) return { ok: true };
  const error = `${address} answered ${status} where 2xx was expected${hintOf(status)}`;
  const isInvalid = [401, 403, 404, 429].includes(status);
  return { ok: false, error, blame: blameOf(status), retryAfterMs, isInvalid };
}

function blameOf(status: number): 'receiver' | 'message' | 'gone' {
  if (status === 410) return 'gone';
  return [400, 405, 413, 414, 415, 422].includes(status) ? 'message' : 'receiver';
}

function hintOf(status: number): string {
  if (status === 401 || status === 403) return '; check its address and key';
  if (status === 404) return '; the address may have been revoked';
  return status === 429 ? '; it asks for fewer messages' : '';
}
