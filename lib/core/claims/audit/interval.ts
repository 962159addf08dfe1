import { unitScale, windowSeconds } from '../bind/base-units.ts';
import type { Finding } from '../document.ts';
import { type AuditClaim, type AuditContext, familyOf, finding, isRate } from './context.ts';
import type { KnownFacts } from './known.ts';
import { FOR_MACHINES } from './machines.ts';
import { apart, middleOf } from './numbers.ts';
import { countText } from './wording.ts';

const POLLING = /\b(poll\w*|interval\w*|every|sondeo|intervalo|cada|cron)\b/i;
const TIMES =
  /(\d{1,6}(?:\.\d+)?)\s?(ms|s|secs?|seconds?|segundos?|m|mins?|minutes?|minutos?|h|hours?|horas?)\b\s*(?:→|->|=>|⇒|to|a)\s*(?:every\s+|cada\s+|once\s+)?(\d{1,6}(?:\.\d+)?)\s?(ms|s|secs?|seconds?|segundos?|m|mins?|minutes?|minutos?|h|hours?|horas?)\b/i;
const NEAR_LINES = 5;
const WHOLE = 0.015;
/** Nobody lets more workers than this poll for one thing. */
const MOST_WORKERS = 50;

interface Interval {
  before: number;
  after: number;
  text: string;
  line: number;
}

/** A poll interval against the queries a day that it makes, on one machine or on several. */
export function checkIntervals(context: AuditContext, known: KnownFacts): Finding[] {
  const running = known.machinesRunning ?? context.summary.deploy.machinesRunning;
  const taken = new Set<number>();
  return context.claims.flatMap((count) => {
    if (familyOf(count) !== 'count' || !isRate(count) || count.before === null || count.after === null)
      return [];
    const interval = intervalAbove(context, count);
    // The first count after an interval is what it makes; those further on are of something larger.
    if (interval === null || taken.has(interval.line)) return [];
    taken.add(interval.line);
    return compare(context, interval, count, running);
  });
}

/** The interval on a claim's own line, or on one shortly above it under the same heading. */
function intervalAbove(context: AuditContext, { claim, section }: AuditClaim): Interval | null {
  const { line } = claim.source;
  let written = 0;
  for (let at = line; at >= Math.max(1, section?.from ?? 1) && written <= NEAR_LINES; at -= 1) {
    const text = context.lineAt(at);
    if (text.trim() !== '') written += 1;
    const interval = intervalOn(text.slice(0, 1_000), at);
    if (interval !== null) return interval;
    if (line - at > 3 * NEAR_LINES) return null;
  }
  return null;
}

function intervalOn(text: string, line: number): Interval | null {
  const match = POLLING.test(text) ? TIMES.exec(text) : null;
  if (match === null) return null;
  const [before, after] = [secondsOf(match[1], match[2]), secondsOf(match[3], match[4])];
  if (before <= 0 || after <= 0) return null;
  return { before, after, text: `${match[1]} ${match[2]} → ${match[3]} ${match[4]}`, line };
}

function secondsOf(number: string | undefined, word = 's'): number {
  const unit = /^ms$/i.test(word) ? 'ms' : /^s/i.test(word) ? 's' : /^m/i.test(word) ? 'min' : 'h';
  return Number(number) * unitScale(unit).scale;
}

/** Machines that the line itself counts the queries over. */
function saidMachines(context: AuditContext, { claim }: AuditClaim): number | null {
  const found = FOR_MACHINES.exec(context.lineAt(claim.source.line).slice(0, 2_000))?.[1];
  return found === undefined ? null : Number(found);
}

function compare(
  context: AuditContext,
  interval: Interval,
  count: AuditClaim,
  running: number | null,
): Finding[] {
  const seconds = windowSeconds(count.claim.window) ?? 1;
  const stated = { before: middleOf(count.claim.before ?? 0), after: middleOf(count.claim.after ?? 0) };
  const workers = {
    before: (stated.before * interval.before) / seconds,
    after: (stated.after * interval.after) / seconds,
  };
  if (workers.before <= 0 || workers.after <= 0) return [];
  const over = saidMachines(context, count);
  const whole = over ?? Math.round(workers.before);
  const fits = whole >= 1 && whole <= MOST_WORKERS && apart(workers.before, whole) <= WHOLE;
  if (fits && apart(workers.before, workers.after) <= WHOLE) return [];
  const times = over ?? running ?? 1;
  const machines = times === 1 ? '1 machine' : `${times} machines`;
  const computed = `${countText((seconds / interval.before) * times)} → ${countText((seconds / interval.after) * times)}`;
  const said = `${countText(stated.before)} → ${countText(stated.after)}`;
  return [
    finding({
      kind: 'interval',
      severity: 'warning',
      message: `${said} per ${count.claim.window} is stated, but one every ${interval.text} makes ${computed} on ${machines}.`,
      stated: said,
      computed: `${computed} on ${machines}`,
      lines: [interval.line, ...count.claim.source.lines],
    }),
  ];
}
