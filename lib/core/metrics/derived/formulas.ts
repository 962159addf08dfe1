/** Part of a whole, 0–1; null where the whole is nothing: a share of no events is not 0. */
export function shareOf(part: number, whole: number): number | null {
  if (!(whole > 0) || part < 0) return null;
  // Counters of one page are read at one moment; what differs by a hair is still all of it.
  return Math.min(1, part / whole);
}

/** So many of one for each of the other; null where there is none of the other. */
export function perEach(count: number, each: number): number | null {
  return each > 0 ? count / each : null;
}

/** What may still be used; 0 when more was used than is allowed. */
export function leftOf(used: number, limit: number): number {
  return Math.max(0, limit - used);
}

/** Share that may still be used, 0–1; null where nothing is allowed at all. */
export function leftShareOf(used: number, limit: number): number | null {
  return limit > 0 ? leftOf(used, limit) / limit : null;
}

/** `2xx` of `200` and of `2xx`; `other` for everything that is no status. */
export function statusClass(status: string | undefined): string {
  return /^[1-5](\d\d|xx)$/.exec(status ?? '') === null ? 'other' : `${status?.charAt(0)}xx`;
}

/** True for an exact code such as 429, false for a class such as 4xx. */
export function isExactStatus(status: string | undefined): boolean {
  return /^[1-5]\d\d$/.test(status ?? '');
}
