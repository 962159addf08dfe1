import 'server-only';

const RETRY_MIN_MS = 1_000;
const RETRY_MAX_MS = 3_600_000;

/**
 * A `Retry-After` (seconds or an HTTP date) as a wait in ms, clamped to 1 s – 1 h; null when absent or nonsense.
 * A date is read against the server's own clock (`dateHeaderMs`), else against ours.
 */
export function parseRetryAfter(
  value: string | null,
  dateHeaderMs: number | null,
  nowMs: number,
): number | null {
  if (value === null) return null;
  const text = value.trim();
  const waitMs = /^\d{1,12}(\.\d{1,6})?$/.test(text)
    ? Number(text) * 1_000
    : (parseHttpDate(text) ?? Number.NaN) - (dateHeaderMs ?? nowMs);
  if (!Number.isFinite(waitMs)) return null;
  return Math.min(RETRY_MAX_MS, Math.max(RETRY_MIN_MS, waitMs));
}

/** `Date: Tue, 03 Nov 2026 10:00:00 GMT` as Unix ms; null when absent or in another shape. */
export function parseHttpDate(value: string | null): number | null {
  // Date.parse alone would take "12" or "-5" for a year.
  if (value === null || !/^[A-Za-z]{3,9},? .*\d{2}:\d{2}:\d{2}/.test(value.trim())) return null;
  const ms = Date.parse(value.trim());
  return Number.isNaN(ms) ? null : ms;
}
