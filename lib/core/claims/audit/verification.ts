import type { Finding } from '../document.ts';
import { type AuditContext, finding } from './context.ts';
import { minutesText } from './wording.ts';

const TIME = /(\d{4}-\d{2}-\d{2})[T\s]+(\d{2}:\d{2})(?::\d{2})?/;
const VERIFIED = /\b(verified|verificad[oa]s?|confirmed)\b/i;
const NOT_VERIFIED =
  /\b(not|un|yet|to be|once|until|when|must be|should be|sin|por)[\s-]*(verified|verificad[oa]s?|confirmed)|unverified/i;
const STATUS = /\b(status|state|estado|fix|result|resultado)\b|✅|☑|✔/i;
const AHEAD =
  /\b(?:next|first|within|over|for|pr[oó]xim[oa]s|siguientes|primer[oa]s|durante)\s+(?:the\s+|las\s+|los\s+)?(?:next\s+)?(\d{1,3})(?:\s?[-–]\s?(\d{1,3}))?[\s-]*(minutes?|mins?|minutos?|hours?|hrs?|h|horas?|days?|d[ií]as?)\b/i;
const WATCH =
  /(?<!\d)(\d{1,3})()[\s-]*(minutes?|mins?|minutos?|hours?|hrs?|h|horas?|days?|d[ií]as?)[\s-]*(?:long )?(?:watch|window|soak|observation|monitoring)\b/i;
const TICKED = /^\s*(?:[-*•]|\d{1,2}[.)])?\s*(?:✅|☑|✔|\[[xX]\])/u;
const MAX_LINES = 5_000;
const MAX_ITEMS = 30;

/** `Applied and verified` before there was time to see it, and items of the coming hours that carry a tick. */
export function checkVerification(context: AuditContext): Finding[] {
  const lines = context.summary.lines.slice(0, MAX_LINES);
  const elapsed = elapsedOf(lines);
  return [
    ...checkVerified(lines, elapsed),
    ...checkTicked(lines, elapsed),
    ...checkSuspended(context, lines),
  ];
}

interface Elapsed {
  minutes: number;
  from: { text: string; line: number };
  to: { text: string; line: number };
}

/** From the first to the last time of day that the summary names; null with fewer than two. */
function elapsedOf(lines: readonly string[]): Elapsed | null {
  const times = lines.flatMap((text, index) => {
    const match = TIME.exec(text.slice(0, 300));
    const ms = match === null ? Number.NaN : Date.parse(`${match[1]}T${match[2]}:00Z`);
    return match === null || Number.isNaN(ms) ? [] : [{ ms, text: match[2] ?? '', line: index + 1 }];
  });
  const [first] = times.toSorted((a, b) => a.ms - b.ms);
  const last = times.toSorted((a, b) => a.ms - b.ms).at(-1);
  if (first === undefined || last === undefined || first.line === last.line) return null;
  return { minutes: (last.ms - first.ms) / 60_000, from: first, to: last };
}

/** `deployed 10:15, verified 10:16`: two times of day on one line. */
function onLine(text: string, line: number): Elapsed | null {
  const [first, last] = [...text.matchAll(/\b([01]?\d|2[0-3]):([0-5]\d)\b/g)].map((match) => ({
    minutes: Number(match[1]) * 60 + Number(match[2]),
    text: match[0],
    line,
  }));
  if (first === undefined || last === undefined) return null;
  const minutes = (last.minutes - first.minutes + 1_440) % 1_440;
  return { minutes, from: first, to: last };
}

function checkVerified(lines: readonly string[], inDocument: Elapsed | null): Finding[] {
  const index = lines.findIndex((text) => isVerified(text));
  const elapsed = index === -1 ? null : (onLine(lines[index] ?? '', index + 1) ?? inDocument);
  if (elapsed === null) return [];
  const ahead = lines.flatMap((text, at) => aheadOf(text, at + 1) ?? []);
  const longest = ahead.toSorted((a, b) => b.minutes - a.minutes)[0];
  if (longest === undefined ? elapsed.minutes > 5 : elapsed.minutes >= longest.minutes) return [];
  const after = minutesText(elapsed.minutes);
  const watch =
    longest === undefined ? 'too short to see an effect' : `its own watch is ${minutesText(longest.minutes)}`;
  return [
    finding({
      kind: 'verification',
      severity: 'warning',
      message: `It is called verified ${after} after the change (${elapsed.from.text} to ${elapsed.to.text}); ${watch}.`,
      stated: 'verified',
      computed: `${after} after the change`,
      lines: [
        index + 1,
        elapsed.from.line,
        elapsed.to.line,
        ...(longest === undefined ? [] : [longest.line]),
      ],
    }),
  ];
}

function isVerified(text: string): boolean {
  return VERIFIED.test(text) && STATUS.test(text) && !NOT_VERIFIED.test(text) && text.length < 200;
}

function aheadOf(text: string, line: number): { minutes: number; line: number } | null {
  const match = AHEAD.exec(text.slice(0, 300)) ?? WATCH.exec(text.slice(0, 300));
  if (match === null) return null;
  const unit = match[3] ?? '';
  const count = Number(match[2] || match[1]);
  return { minutes: count * (/^m/i.test(unit) ? 1 : /^h/i.test(unit) ? 60 : 1_440), line };
}

function checkTicked(lines: readonly string[], elapsed: Elapsed | null): Finding[] {
  // People tick what is still open: only the times of a summary tell that nobody can have seen it.
  if (elapsed === null) return [];
  return lines.flatMap((text, index) => {
    const ahead = text.length <= 100 && !TICKED.test(text) ? aheadOf(text, index + 1) : null;
    if (ahead === null || ahead.minutes < 15 || elapsed.minutes >= ahead.minutes) return [];
    const ticked = itemsBelow(lines, index);
    if (ticked.length === 0) return [];
    const when = `${minutesText(elapsed.minutes)} after the change`;
    const items = ticked.length === 1 ? '1 item' : `${ticked.length} items`;
    return [
      finding({
        kind: 'verification',
        severity: 'warning',
        message: `${items} for the next ${minutesText(ahead.minutes)} ${ticked.length === 1 ? 'carries a tick' : 'carry a tick'} ${when}: not verified.`,
        stated: `${items} ticked`,
        computed: `due within ${minutesText(ahead.minutes)}`,
        lines: [index + 1, ...ticked],
      }),
    ];
  });
}

/** Ticked items that stand directly below a line, blank lines left out. */
function itemsBelow(lines: readonly string[], index: number): number[] {
  const ticked: number[] = [];
  for (let at = index + 1; at < lines.length && at <= index + MAX_ITEMS * 2; at += 1) {
    const text = lines[at] ?? '';
    if (text.trim() === '') continue;
    if (TICKED.test(text)) ticked.push(at + 1);
    else if (!/^\s*(?:[-*•]|\d{1,2}[.)])\s/.test(text)) break;
  }
  return ticked;
}

const SWITCHED_OFF = /\b(SUSPEND|DISABLE|PAUSE)_\w+\s*=\s*["']?(true|1|yes|on)\b/i;

/** Zero of something that was switched off is the switch, not a cure. */
function checkSuspended(context: AuditContext, lines: readonly string[]): Finding[] {
  if (!lines.some(isVerified)) return [];
  const rollback = new Set(context.summary.rollback.map(({ line }) => line));
  const at = lines.findIndex((text, index) => SWITCHED_OFF.test(text) && !rollback.has(index + 1));
  const zero = context.claims.find(
    ({ claim, before, after }) => before !== null && before > 0 && after === 0 && claim.metric !== null,
  );
  const name = /\b(SUSPEND|DISABLE|PAUSE)_(\w+)/i.exec(lines[at] ?? '')?.[2]?.toLowerCase() ?? '';
  if (at === -1 || zero === undefined || !zero.claim.metric?.includes(name)) return [];
  return [
    finding({
      kind: 'verification',
      severity: 'info',
      message: `0 is stated as verified while line ${at + 1} switches the source itself off: it shows the switch and not that the cause is gone.`,
      stated: '0, verified',
      computed: 'switched off',
      lines: [at + 1, ...zero.claim.source.lines],
    }),
  ];
}
