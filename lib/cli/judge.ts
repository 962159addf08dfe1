import { parseArgs } from 'node:util';
import { parseDurationMs } from '@/lib/core/time/named-range.ts';
import { parseInstantMs } from '@/lib/core/time/parse-instant.ts';
import { BLOCK_MS, DAY_MS } from '@/lib/core/time/range.ts';
import { effectText } from '@/lib/core/units/format-claim.ts';
import { REASON_NAMES, STATE_NAMES } from '@/lib/core/watch/verdict-text.ts';
import { readInput } from './claims-input.ts';
import { type Command, type CommandIo, EXIT, type ExitCode } from './command.ts';
import { type JudgeCase, type JudgedCase, judgeCase } from './judge-case.ts';
import { type ReadSeries, readManifest, readSeriesOf } from './manifest.ts';
import { SERIES_KINDS, type SeriesKind } from './series-blocks.ts';
import { plainText } from './text.ts';

const HELP = `usage: afterwatch judge SERIES.csv --at ISO --claim "…" [--until ISO]
                        [--kind KIND] [--unit UNIT] [--baseline-days N]
                        [--good down|up] [--every 5m] [--json]
       afterwatch judge --manifest FILE.jsonl [--every 5m] [--json]

Whether a series did what a claim says, by the same method as a watch: expected
from the days before, 95 % intervals that hold at every look. Asks no server and
keeps nothing. SERIES.csv has rows of timestamp,value; - reads stdin.

  --at       when it was deployed: ISO 8601, Unix seconds or ms
  --claim    "falls by 96.7%", "falls to 24000/h", "must not increase",
             "should improve", "rises by 20%", "stays below 5/h"
  --until    judges as of then; as far as the rows go, at most 24 h, when left out
  --kind     ${SERIES_KINDS.join(', ')}: a rate per second when left out;
             counter is cumulative, count is events since the row before, gauge
             is a level
  --unit     of a rate what its rows are in: /s, /min, /h, /day. A rate without
             one, and a gauge, count no events: no verdict comes before 1 h
  --baseline-days  days before it to compare with, 1 to 28; 14 when left out
  --good     which way "improve" points; down when left out
  --every    also what it would have said so often, in "looks" of the JSON
  --manifest one case a line, {"id","csv","at","until","claim","kind","unit",
             "baselineDays","good"}; prints one JSON line a case. A csv is found
             beside the manifest, or from the working folder

exit codes
  0  every case was judged, whatever came of it
  2  a file, a line or a claim could not be read; the others were
  3  wrong usage`;

const OPTIONS = {
  at: { type: 'string' },
  claim: { type: 'string' },
  until: { type: 'string' },
  kind: { type: 'string' },
  unit: { type: 'string' },
  'baseline-days': { type: 'string' },
  good: { type: 'string' },
  every: { type: 'string' },
  manifest: { type: 'string' },
} as const;
const DEFAULT_DAYS = 14;
const MOST_DAYS = 28;
/** Series of a manifest that are kept: cases of one file mostly stand together. */
const MOST_KEPT = 4;

export const judge: Command = { help: HELP, run: runJudge };

async function runJudge(
  { json, words }: { json: boolean; words: readonly string[] },
  io: CommandIo,
): Promise<ExitCode> {
  const asked = readAsked(words);
  if (typeof asked === 'string') {
    io.err(plainText(`afterwatch judge: ${asked}; try afterwatch judge --help`));
    return EXIT.usage;
  }
  return 'manifest' in asked ? judgeAll(asked, io) : judgeOne(asked, json, io);
}

async function judgeOne(one: JudgeCase, json: boolean, io: CommandIo): Promise<ExitCode> {
  const series = await readSeriesOf(one.csv, null, io);
  const judged = 'error' in series ? { fault: `${one.csv}: ${series.error}` } : judgeCase(one, series.points);
  if ('fault' in judged) {
    if (json) io.out(JSON.stringify({ error: judged.fault }));
    io.err(plainText(`afterwatch judge: ${judged.fault}`));
    return EXIT.unreadable;
  }
  if ('warnings' in series)
    for (const warning of series.warnings) io.err(plainText(`afterwatch judge: ${one.csv}: ${warning}`));
  io.out(json ? JSON.stringify(judged) : lineOf(judged));
  return EXIT.fine;
}

async function judgeAll(
  { manifest, everyMs }: { manifest: string; everyMs: number | null },
  io: CommandIo,
): Promise<ExitCode> {
  const input = await readInput(manifest, io);
  if ('error' in input) {
    io.err(plainText(`afterwatch judge: ${manifest}: ${input.error}`));
    return EXIT.unreadable;
  }
  const known = new Map<string, ReadSeries>();
  let faults = 0;
  for (const row of readManifest(input.text, (raw) => readCase(raw, everyMs))) {
    const judged =
      'one' in row ? await judgeRow(row.one, manifest, known, io) : { id: row.id, fault: row.fault };
    if ('fault' in judged) {
      faults += 1;
      const { id, fault } = judged;
      io.err(plainText(`afterwatch judge: ${manifest}:${row.line}: ${fault}`));
      io.out(JSON.stringify({ id, line: row.line, error: fault }));
    } else io.out(JSON.stringify(judged));
  }
  return faults === 0 ? EXIT.fine : EXIT.unreadable;
}

async function judgeRow(
  one: JudgeCase,
  manifest: string,
  known: Map<string, ReadSeries>,
  io: CommandIo,
): Promise<JudgedCase | { id: string | null; fault: string }> {
  const series = await readSeriesOf(one.csv, manifest, io, known);
  for (const oldest of known.keys()) if (known.size > MOST_KEPT) known.delete(oldest);
  if ('error' in series) return { id: one.id, fault: `${one.csv}: ${series.error}` };
  const judged = judgeCase(one, series.points);
  return 'fault' in judged ? { id: one.id, fault: judged.fault } : judged;
}

/** What was asked for, or what is wrong with it. */
function readAsked(
  words: readonly string[],
): JudgeCase | { manifest: string; everyMs: number | null } | string {
  try {
    const { values, positionals } = parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true });
    const everyMs = values.every === undefined ? null : parseDurationMs(values.every);
    if (
      values.every !== undefined &&
      (everyMs === null || everyMs < BLOCK_MS || everyMs > DAY_MS || everyMs % BLOCK_MS !== 0)
    )
      return '--every takes a multiple of 5m up to 24h';
    const { manifest, every: _, 'baseline-days': baselineDays, ...given } = values;
    if (manifest !== undefined) {
      const isAlone =
        positionals.length === 0 && baselineDays === undefined && Object.keys(given).length === 0;
      return isAlone
        ? { manifest, everyMs }
        : '--manifest takes only --every beside it: its lines say the rest';
    }
    const [csv, ...more] = positionals;
    if (csv === undefined || more.length > 0) return 'takes one SERIES.csv, or --manifest FILE.jsonl';
    return readCase(
      { ...given, csv, ...(baselineDays === undefined ? {} : { baselineDays: Number(baselineDays) }) },
      everyMs,
    );
  } catch {
    return 'takes one SERIES.csv and the flags that the help lists';
  }
}

/** A case from the fields of a manifest's line; a text says which is wrong. */
function readCase(raw: Readonly<Record<string, unknown>>, everyMs: number | null): JudgeCase | string {
  const {
    id = null,
    csv,
    at,
    until = null,
    claim,
    kind = 'rate',
    unit = null,
    baselineDays = DEFAULT_DAYS,
    good = 'down',
  } = raw;
  if (typeof csv !== 'string' || csv === '') return 'csv: the name of a file was expected';
  const atMs = instantOf(at);
  if (atMs === null) return 'at: when it was deployed was expected, as ISO 8601, Unix seconds or ms';
  const untilMs = until === null ? null : instantOf(until);
  if (until !== null && untilMs === null) return 'until: ISO 8601, Unix seconds or ms were expected';
  if (untilMs !== null && untilMs <= atMs) return 'until: an instant after at was expected';
  if (typeof claim !== 'string' || claim.trim() === '')
    return 'claim: words such as "falls by 96.7%" were expected';
  if (!isKind(kind)) return `kind: one of ${SERIES_KINDS.join(', ')} was expected`;
  if (unit !== null && (typeof unit !== 'string' || unit.length > 32))
    return 'unit: a short text such as /min was expected';
  if (
    typeof baselineDays !== 'number' ||
    !Number.isInteger(baselineDays) ||
    baselineDays < 1 ||
    baselineDays > MOST_DAYS
  )
    return `baseline days: a whole number from 1 to ${MOST_DAYS} was expected`;
  if (good !== 'down' && good !== 'up') return 'good: down or up was expected';
  const name = typeof id === 'string' || typeof id === 'number' ? String(id) : null;
  return {
    id: name,
    csv,
    atMs,
    untilMs,
    claim,
    kind,
    unit: unit === '' ? null : unit,
    baselineDays,
    good,
    everyMs,
  };
}

function instantOf(given: unknown): number | null {
  return typeof given === 'string' || typeof given === 'number' ? parseInstantMs(String(given)) : null;
}

function isKind(kind: unknown): kind is SeriesKind {
  return SERIES_KINDS.some((known) => known === kind);
}

/** A case in one line: state, effect with its interval, why. */
function lineOf(judged: JudgedCase): string {
  const { state, provisional, effectPct, interval, why } = judged;
  const reason = Object.entries(REASON_NAMES).find(([name]) => name === judged.reason)?.[1];
  const standing = `${STATE_NAMES[state]}${reason === undefined ? (provisional && state === 'met' ? ' (provisional)' : '') : ` (${reason})`}`;
  return plainText(
    [standing, effectText({ effectPct, interval }), why].filter((part) => part !== null).join('  '),
  );
}
