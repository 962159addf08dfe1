import { NAMED_RANGES, type NamedRange } from '@/lib/core/time/named-range.ts';
import { type PageWindow, SHORTEST_WINDOW_MS } from '@/lib/core/time/page-window.ts';
import { MINUTE_MS, SECOND_MS } from '@/lib/core/time/range.ts';
import { judgeWindow } from './judge-window.ts';
import { quoteAsked } from './quote-asked.ts';

/** Shown when the address names none. */
export const DEFAULT_RANGE: NamedRange = '1h';

/** An instant as addresses write it: `2026-04-09T16:00Z`, with seconds and milliseconds where they are not zero. */
export function writeInstant(atMs: number): string {
  const text = new Date(atMs).toISOString();
  if (atMs % MINUTE_MS === 0) return text.replace(/:00\.000Z$/, 'Z');
  return atMs % SECOND_MS === 0 ? text.replace(/\.000Z$/, 'Z') : text;
}

/** A full ISO instant with its zone, as Unix ms; null for anything else: a bare date means another moment in each zone. */
export function readInstant(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/i.test(text)) return null;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) || !isSameDate(text, atMs) ? null : atMs;
}

/** False for a 31 April, which `Date` reads as the first of May. */
function isSameDate(text: string, atMs: number): boolean {
  const zone = /([+-])(\d{2}):(\d{2})$/.exec(text);
  const offsetMin = zone === null ? 0 : Number(`${zone[1]}1`) * (Number(zone[2]) * 60 + Number(zone[3]));
  return new Date(atMs + offsetMin * MINUTE_MS).toISOString().slice(0, 10) === text.slice(0, 10);
}

/** A clock that differs a little from ours wrote a link that ends "now". */
const CLOCK_SLACK_MS = MINUTE_MS;

/** The window that `range`, `from` and `to` ask for; a fixed one ends at `nowMs` at the latest. */
export function readWindow(
  asked: Readonly<Record<'range' | 'from' | 'to', string | null>>,
  nowMs: number,
): { window: PageWindow; remarks: readonly string[] } {
  const known = NAMED_RANGES.find((name) => name === asked.range);
  const name = known ?? DEFAULT_RANGE;
  const live: PageWindow = { kind: 'live', name };
  const unknown = asked.range !== null && known === undefined ? quoteAsked(asked.range) : null;
  const rangeRemarks = (isFixed: boolean): string[] => {
    if (unknown === null) return [];
    return isFixed
      ? [`${unknown} is no time range here; “now” leads to the last ${name}.`]
      : [`${unknown} is no time range here; shown: the last ${name}.`];
  };
  if (asked.from === null && asked.to === null) return { window: live, remarks: rangeRemarks(false) };
  const refuse = (why: string) => ({
    window: live,
    remarks: [...rangeRemarks(false), `${why}; shown: the last ${name}.`],
  });
  if (asked.from === null || asked.to === null) return refuse('A fixed time needs both from and to');
  const startMs = readInstant(asked.from);
  const endMs = readInstant(asked.to);
  if (startMs === null || endMs === null) {
    const wrong = quoteAsked(startMs === null ? asked.from : asked.to);
    return refuse(`${wrong} is no instant such as 2026-04-09T16:00Z`);
  }
  const isCut = endMs > nowMs + CLOCK_SLACK_MS;
  // Whole seconds, so that a cut window can stand in a link.
  const lastMs = isCut ? Math.floor(nowMs / SECOND_MS) * SECOND_MS : endMs;
  if (startMs < endMs && lastMs - startMs < SHORTEST_WINDOW_MS && isCut) {
    return refuse('The asked time has not come yet');
  }
  const fault = judgeWindow({ startMs, endMs: lastMs });
  if (fault !== null) return refuse(fault);
  const cut = isCut ? ['The asked time has not passed yet; shown: up to now.'] : [];
  return {
    window: { kind: 'fixed', name, startMs, endMs: lastMs },
    remarks: [...rangeRemarks(true), ...cut],
  };
}
