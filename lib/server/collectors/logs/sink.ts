import 'server-only';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type LogLine, readLine } from '@/lib/core/logs/line.ts';
import { type CompiledPattern, compileLogPattern, withBuiltIn } from '@/lib/core/logs/patterns.ts';
import { splitBody } from '@/lib/core/logs/split-body.ts';
import type { Sample } from '@/lib/core/model/sample.ts';
import { MINUTE_MS } from '@/lib/core/time/range.ts';
import type { LogsTarget } from '@/lib/server/config/types.ts';
import { Allowance } from './allowance.ts';
import { Batches } from './batches.ts';
import { Machines } from './machines.ts';

/** Lines of one request. */
export const MAX_LINES = 10_000;
/** A line that was written longer ago belongs to a time that is counted already; now it would be a false peak. */
const LATE_MS = 10 * MINUTE_MS;
/** Silence of this length is no longer "nothing happened": the shipper may have stopped. */
export const SILENT_MS = 10 * MINUTE_MS;
const MOST_KEPT = 200;
const MAX_MACHINE_CHARS = 64;
/** Other requests get a turn after this many lines. */
const LINES_A_TURN = 250;

/** Why a line was not counted. */
export const REFUSALS = ['unreadable', 'late', 'duplicate', 'other_app', 'limited'] as const;
export type LineRefusal = (typeof REFUSALS)[number];

/** One line that fitted a pattern, without secrets; kept only where the configuration asks for it. */
export interface KeptLine {
  atMs: number;
  machine: string | null;
  patterns: readonly string[];
  text: string;
}

export interface Batch {
  body: string;
  /** As the shipper named it; null: told by its content. */
  batchId: string | null;
  /** Arrival. */
  nowMs: number;
  /** Takes credentials out of a text. */
  scrub: (text: string) => string;
}

/** What became of a batch. */
export type BatchAnswer =
  | { ok: true; counted: number; refused: Partial<Record<LineRefusal, number>> }
  | { ok: false; reason: 'too_many_lines' }
  | { ok: false; reason: 'limited'; retryAfterSeconds: number };

/** Takes the lines of one source and counts them; the text goes with the request. Lives as long as the process. */
export class LogSink {
  readonly #patterns: readonly CompiledPattern[];
  readonly #machines: Machines;
  readonly #batches = new Batches();
  readonly #allowance = new Allowance();
  readonly #refused = new Map<LineRefusal, number>(REFUSALS.map((reason) => [reason, 0]));
  #kept: KeptLine[] = [];
  #lastLineMs: number | null = null;

  constructor(
    private readonly target: Pick<LogsTarget, 'patterns' | 'keepText' | 'logApp'>,
    readonly marker: string,
  ) {
    this.#patterns = withBuiltIn(target.patterns).map(compileLogPattern);
    this.#machines = new Machines(
      marker,
      this.#patterns.map(({ name }) => name),
    );
  }

  /** Arrival of the last line; null before the first one. */
  get lastLineMs(): number | null {
    return this.#lastLineMs;
  }

  /** The last matching lines, newest last; empty unless text is kept. */
  get kept(): readonly KeptLine[] {
    return this.#kept;
  }

  refusedLines(reason: LineRefusal): number {
    return this.#refused.get(reason) ?? 0;
  }

  /** Counts a batch. A line that cannot be read never harms the others. */
  async take({ body, batchId, nowMs, scrub }: Batch): Promise<BatchAnswer> {
    const items = splitBody(body);
    if (items.length > MAX_LINES) {
      this.#refuse('limited', items.length);
      return { ok: false, reason: 'too_many_lines' };
    }
    const waitSeconds = this.#allowance.take(items.length, nowMs);
    // Not counted as refused: it will come again.
    if (waitSeconds !== null) return { ok: false, reason: 'limited', retryAfterSeconds: waitSeconds };
    if (items.length === 0) return { ok: true, counted: 0, refused: {} };
    if (!this.#batches.isNew(body, batchId, nowMs)) {
      this.#refuse('duplicate', items.length);
      this.#lastLineMs = nowMs;
      return { ok: true, counted: 0, refused: { duplicate: items.length } };
    }
    let counted = 0;
    const refused: Partial<Record<LineRefusal, number>> = {};
    for (const [i, item] of items.entries()) {
      if (i > 0 && i % LINES_A_TURN === 0) await nextTurn();
      const refusal = this.#takeLine(readLine(item), nowMs, scrub);
      if (refusal === null) {
        counted += 1;
        continue;
      }
      this.#refuse(refusal, 1);
      refused[refusal] = (refused[refusal] ?? 0) + 1;
    }
    return { ok: true, counted, refused };
  }

  /** Counts as samples; none but the age once lines have stopped coming. */
  samples(nowMs: number): Sample[] {
    if (this.#lastLineMs === null) return [];
    const ageMs = Math.max(0, nowMs - this.#lastLineMs);
    const age: Sample = { metric: 'logs_last_line_age_seconds', labels: {}, value: ageMs / 1_000 };
    if (ageMs > SILENT_MS) return [age];
    const refused = [...this.#refused].map(([reason, value]) => ({
      metric: 'logs_refused_lines_total',
      labels: { reason },
      value,
    }));
    return [age, ...this.#machines.samples(nowMs), ...refused];
  }

  #takeLine(line: LogLine | null, nowMs: number, scrub: (text: string) => string): LineRefusal | null {
    if (line === null) return 'unreadable';
    if (this.target.logApp !== null && line.app !== null && line.app !== this.target.logApp)
      return 'other_app';
    // Whatever it says, a line that arrives shows that lines arrive.
    this.#lastLineMs = nowMs;
    // A time ahead of ours is a clock that is off: the line is here, so it has been written.
    if (line.atMs !== null && nowMs - line.atMs > LATE_MS) return 'late';
    const machine = machineName(line.machine, scrub);
    const counts = this.#machines.of(machine, nowMs);
    counts.lines += 1;
    const fitting = this.#patterns.flatMap(({ name, fits }, i) => {
      if (!fits(line)) return [];
      counts.byPattern[i] = (counts.byPattern[i] ?? 0) + 1;
      return [name];
    });
    if (this.target.keepText && fitting.length > 0) {
      this.#kept.push({ atMs: nowMs, machine, patterns: fitting, text: printable(scrub(line.text)) });
      if (this.#kept.length > MOST_KEPT) this.#kept = this.#kept.slice(-MOST_KEPT);
    }
    return null;
  }

  #refuse(reason: LineRefusal, lines: number): void {
    this.#refused.set(reason, (this.#refused.get(reason) ?? 0) + lines);
  }
}

/** A label that is safe in an id, a link and a terminal. */
function machineName(name: string | null, scrub: (text: string) => string): string | null {
  if (name === null) return null;
  return printable(scrub(name)).replaceAll('/', '_').slice(0, MAX_MACHINE_CHARS).trim() || null;
}

function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
