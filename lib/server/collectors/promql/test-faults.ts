import 'server-only';
import type { ScrapeErrorKind } from '@/lib/core/model/scrape.ts';
import type { ServerFault } from '@/lib/demo/prometheus/faults.ts';

/** A fault of an API and what a visit has to make of it. */
export interface FaultCase {
  name: string;
  fault: ServerFault;
  kind: ScrapeErrorKind;
  retryAfterMs: number | null;
}

const limited = (retryAfter: string | null): ServerFault => ({
  kind: 'status',
  status: 429,
  ...(retryAfter !== null && { retryAfter }),
});

/** Every fault of an HTTP API that is the same for all of them. The silent ones last until the deadline. */
export const FAULTS: readonly FaultCase[] = [
  { name: '429, Retry-After in seconds', fault: limited('120'), kind: 'limit', retryAfterMs: 120_000 },
  { name: '429 without Retry-After', fault: limited(null), kind: 'limit', retryAfterMs: null },
  { name: '429, Retry-After in words', fault: limited('soon'), kind: 'limit', retryAfterMs: null },
  { name: '429, Retry-After below 0', fault: limited('-5'), kind: 'limit', retryAfterMs: null },
  {
    name: '429, Retry-After of 30 years',
    fault: limited('1000000000'),
    kind: 'limit',
    retryAfterMs: 3_600_000,
  },
  {
    name: '429, Retry-After a date long gone',
    fault: limited('Tue, 03 Nov 2020 10:00:00 GMT'),
    kind: 'limit',
    retryAfterMs: 1_000,
  },
  { name: '500', fault: { kind: 'status', status: 500 }, kind: 'http', retryAfterMs: null },
  {
    name: '503 that asks to wait',
    fault: { kind: 'status', status: 503, retryAfter: '7' },
    kind: 'http',
    retryAfterMs: 7_000,
  },
  {
    name: '502 of a gateway',
    fault: { kind: 'status', status: 502, body: '<html>' },
    kind: 'http',
    retryAfterMs: null,
  },
  { name: '401', fault: { kind: 'status', status: 401 }, kind: 'auth', retryAfterMs: null },
  { name: '403', fault: { kind: 'status', status: 403 }, kind: 'grant', retryAfterMs: null },
  { name: 'HTML with 200', fault: { kind: 'html' }, kind: 'parse', retryAfterMs: null },
  { name: 'JSON that is cut', fault: { kind: 'cut' }, kind: 'parse', retryAfterMs: null },
  { name: 'wrong types', fault: { kind: 'wrong_types' }, kind: 'parse', retryAfterMs: null },
  {
    name: 'a body without end',
    fault: { kind: 'huge', bytes: 64 * 1024 * 1024 },
    kind: 'limit',
    retryAfterMs: null,
  },
  { name: 'a drip', fault: { kind: 'drip', everyMs: 50 }, kind: 'timeout', retryAfterMs: null },
  { name: 'silence', fault: { kind: 'silent' }, kind: 'timeout', retryAfterMs: null },
  {
    name: 'a redirect to a private host',
    fault: { kind: 'redirect', location: 'http://169.254.169.254/' },
    kind: 'http',
    retryAfterMs: null,
  },
  { name: 'a reset connection', fault: { kind: 'reset' }, kind: 'network', retryAfterMs: null },
];
