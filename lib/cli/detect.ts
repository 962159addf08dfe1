import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { Firing } from '@/lib/core/detect/firing.ts';
import { parseInstantMs } from '@/lib/core/time/parse-instant.ts';
import { readInput } from './claims-input.ts';
import { type Command, type CommandIo, EXIT, type ExitCode } from './command.ts';
import { DETECT_RULES, type DetectCase, type Detected, detectInSeries } from './detect-series.ts';
import { type ReadSeries, readManifest, readSeriesOf } from './manifest.ts';
import { parseUnitMs, SERIES_KINDS } from './series-blocks.ts';
import { alignColumns, plainText } from './text.ts';

const HELP = `usage: afterwatch detect SERIES.csv --rule RULE [--at TIME] [--json]
       afterwatch detect --manifest FILE.jsonl

Says where a rule would have fired on a series: rows of timestamp,value. Asks no
server and keeps nothing. Times are ISO 8601 (UTC where no zone is given), epoch
seconds or epoch ms; an empty value was not measured. - reads stdin.

rules
  spike        5 to 30 min far beyond what is usual at that time of day
  count-spike  more rare events than usual, in 1 min to 6 h
  regression   the last 2 h moved from what is usual, and stay there
  plateau      flat at the top: it presses against a limit
  stall        a counter stands still, or a level is frozen
  drift        a slow slope since the deploy, or since each midnight of the series

options
  --at TIME        a deploy: what lies before it is the baseline, what follows is
                   judged. Without it each day is held against the 14 before it
  --until TIME     leaves out what lies after it
  --kind KIND      rate (the default), counter, gauge or count (events since the
                   row before; the default for count-spike)
  --unit UNIT      of a rate: /s, /min, /h or /day; its events count then
  --wrong WAY      up, down or both (the default): which way is bad
  --quota NUMBER   of a plateau: the limit, in the unit of the series
  --claimed RATIO  of a stall: the share of the usual level that is promised, 0.033
  --manifest FILE  one case a line: {"id","csv","rule","at","until","kind","unit",
                   "wrong","quota","claimed"}; one JSON line a case is printed, also for
                   a line that is wrong. csv is looked for beside the manifest first

--json prints {"rule","firings":[{"start","end","score","value","expected","what"}]};
end is null while it lasts, a score of 1 just fires.

exit codes
  0  every series was read, whatever was found in it
  2  one could not be read; the others were
  3  wrong usage`;

export const detect: Command = { help: HELP, run: runDetect };

const OPTIONS = {
  rule: { type: 'string' },
  at: { type: 'string' },
  until: { type: 'string' },
  kind: { type: 'string' },
  unit: { type: 'string' },
  wrong: { type: 'string' },
  quota: { type: 'string' },
  claimed: { type: 'string' },
  manifest: { type: 'string' },
} as const;

const numberSchema = z
  .union([
    z.number(),
    z
      .string()
      .trim()
      .regex(/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i)
      .transform(Number),
  ])
  .refine((value) => Number.isFinite(value) && value >= 0);
const timeSchema = z.union([z.string(), z.number()]).transform((time, context) => {
  const atMs = parseInstantMs(String(time));
  if (atMs !== null) return atMs;
  context.addIssue({ code: 'custom' });
  return z.NEVER;
});

/** What each field takes, for the message that names it. */
const TAKES = {
  rule: `one of ${DETECT_RULES.join(', ')}`,
  csv: 'a file',
  id: 'a text or a number',
  at: 'ISO 8601, epoch seconds or epoch ms',
  until: 'ISO 8601, epoch seconds or epoch ms',
  kind: `one of ${SERIES_KINDS.join(', ')}`,
  unit: '/s, /min, /h or /day',
  wrong: 'up, down or both',
  quota: 'a number',
  claimed: 'a share such as 0.033',
} as const;

const caseSchema = z.object({
  id: z.union([z.string(), z.number()]).transform(String).nullish(),
  csv: z.string().min(1),
  rule: z.enum(DETECT_RULES),
  at: timeSchema.nullish(),
  until: timeSchema.nullish(),
  kind: z.enum(SERIES_KINDS).nullish(),
  unit: z
    .string()
    .transform((unit, context) => {
      const ms = parseUnitMs(unit);
      if (ms !== null) return ms;
      context.addIssue({ code: 'custom' });
      return z.NEVER;
    })
    .nullish(),
  wrong: z.enum(['up', 'down', 'both']).nullish(),
  quota: numberSchema.nullish(),
  claimed: numberSchema.nullish(),
});

interface NamedCase {
  id: string | null;
  csv: string;
  one: DetectCase;
}

/** A case, or which of its fields is wrong and what it takes. */
function readCase(raw: Record<string, unknown>): NamedCase | string {
  const read = caseSchema.safeParse(raw);
  if (!read.success) {
    const field = String(read.error.issues[0]?.path[0] ?? '');
    return Object.hasOwn(TAKES, field)
      ? `${field} takes ${TAKES[field as keyof typeof TAKES]}`
      : 'it is no case';
  }
  const { id, csv, rule, at, until, kind, unit, wrong, quota, claimed } = read.data;
  return {
    id: id ?? null,
    csv,
    one: {
      rule,
      shape: { kind: kind ?? (rule === 'count-spike' ? 'count' : 'rate'), unitMs: unit ?? null },
      atMs: at ?? null,
      untilMs: until ?? null,
      way: wrong ?? 'both',
      quota: quota ?? null,
      claimedRatio: claimed ?? null,
    },
  };
}

async function runDetect(
  { json, words }: { json: boolean; words: readonly string[] },
  io: CommandIo,
): Promise<ExitCode> {
  const asked = readAsked(words);
  if (typeof asked === 'string') {
    io.err(`afterwatch detect: ${plainText(asked)}; try afterwatch detect --help`);
    return EXIT.usage;
  }
  return 'manifest' in asked ? runManifest(asked.manifest, io) : runOne(asked, json, io);
}

/** One series, the manifest, or what is wrong with the words. */
function readAsked(words: readonly string[]): NamedCase | { manifest: string } | string {
  let parsed: { values: Record<string, string | undefined>; positionals: string[] };
  try {
    parsed = parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true });
  } catch {
    return 'takes a series and the flags that the help lists';
  }
  const { manifest, ...values } = parsed.values;
  const [csv, ...more] = parsed.positionals;
  if (manifest !== undefined) {
    const others = csv !== undefined || Object.values(values).some((value) => value !== undefined);
    return others ? '--manifest stands alone: each of its lines says the rest' : { manifest };
  }
  if (csv === undefined) return 'needs a SERIES.csv, or - for stdin, or a --manifest';
  if (more.length > 0) return 'takes one series; a --manifest takes many';
  if (values.rule === undefined) return `needs a --rule: ${TAKES.rule}`;
  const read = readCase({ ...values, csv });
  return typeof read === 'string' ? `--${read}` : read;
}

async function runOne({ csv, one }: NamedCase, json: boolean, io: CommandIo): Promise<ExitCode> {
  const series = await readSeriesOf(csv, null, io);
  if ('error' in series) {
    const error = plainText(`${csv}: ${series.error}`);
    if (json) io.out(JSON.stringify({ error }));
    io.err(`afterwatch detect: ${error}`);
    return EXIT.unreadable;
  }
  const found = detectInSeries(series.points, one);
  for (const note of [...series.warnings, ...found.notes]) {
    io.err(plainText(`afterwatch detect: ${csv}: ${note}`));
  }
  if (json) io.out(JSON.stringify(jsonOf(one, found)));
  else for (const line of linesOf(one, found)) io.out(plainText(line));
  return EXIT.fine;
}

async function runManifest(manifest: string, io: CommandIo): Promise<ExitCode> {
  const input = await readInput(manifest, io);
  if ('error' in input) {
    io.err(plainText(`afterwatch detect: ${manifest}: ${input.error}`));
    return EXIT.unreadable;
  }
  const known = new Map<string, ReadSeries>();
  let isWhole = true;
  for (const entry of readManifest(input.text, readCase)) {
    const { line } = entry;
    const told =
      'one' in entry
        ? await detectLine(entry.one, manifest, known, io)
        : { id: entry.id, error: plainText(entry.fault) };
    if ('error' in told) {
      isWhole = false;
      io.err(plainText(`afterwatch detect: ${manifest}:${line}: ${told.error}`));
      io.out(JSON.stringify({ id: told.id, line, error: told.error }));
    } else io.out(JSON.stringify(told));
  }
  return isWhole ? EXIT.fine : EXIT.unreadable;
}

async function detectLine(
  { id, csv, one }: NamedCase,
  manifest: string,
  known: Map<string, ReadSeries>,
  io: CommandIo,
): Promise<{ id: string | null; error: string } | Record<string, unknown>> {
  const series = await readSeriesOf(csv, manifest, io, known);
  if ('error' in series) return { id, error: plainText(`${csv}: ${series.error}`) };
  const found = detectInSeries(series.points, one);
  const notes = [...series.warnings, ...found.notes];
  return { id, ...jsonOf(one, found), ...(notes.length === 0 ? {} : { notes }) };
}

function jsonOf({ rule }: DetectCase, { firings }: Detected): { rule: string; firings: unknown[] } {
  return {
    rule,
    firings: firings.map(({ startMs, endMs, score, value, expected, what }) => ({
      start: isoOf(startMs),
      end: endMs === null ? null : isoOf(endMs),
      score: rounded(score),
      value: rounded(value),
      expected: rounded(expected),
      what,
    })),
  };
}

function linesOf({ rule }: DetectCase, { firings }: Detected): string[] {
  if (firings.length === 0) return [`${rule}: it would not have fired`];
  const row = ({ startMs, endMs, score, what }: Firing) => [
    isoOf(startMs),
    endMs === null ? 'still' : isoOf(endMs),
    `×${rounded(score)}`,
    what,
  ];
  return alignColumns([['start', 'end', 'score', 'what'], ...firings.map(row)]);
}

/** `2026-01-05T10:00:00Z`; parts of a second only where there are some. */
function isoOf(atMs: number): string {
  return new Date(atMs).toISOString().replace('.000Z', 'Z');
}

/** Four digits that count are more than any of it is worth. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
