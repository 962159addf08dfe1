import 'server-only';
import type { CollectResult, Notice } from '@/lib/core/model/scrape.ts';
import { formatDuration } from '@/lib/core/units/duration.ts';
import type { LogsTarget } from '@/lib/server/config/types.ts';
import type { CollectContext, Collector, CollectorSession, Pace } from '../collector.ts';
import { type LineRefusal, type LogSink, SILENT_MS } from './sink.ts';
import { closeSink, sinkOf } from './sinks.ts';

const INTERVAL_SECONDS = 15;
const TIMEOUT_SECONDS = 5;

/** Refusals that somebody should know of; the others are the design at work. */
const TOLD: readonly (readonly [reason: LineRefusal, text: string])[] = [
  ['unreadable', 'could not be read: send JSON objects or lines of text'],
  [
    'limited',
    'came in requests of more than 10,000 lines and were refused: make the shipper’s batches smaller',
  ],
  [
    'late',
    'were written more than 10 minutes before they came and were not counted: check the clocks and the shipper',
  ],
];

/** Reads what was sent to `POST /api/logs`. A visit contacts nobody: it takes the counts out of the sink. */
export const logs = {
  kind: 'logs',
  open: (target: LogsTarget): CollectorSession => new LogsSession(target, sinkOf(target)),
} satisfies Collector<LogsTarget>;

class LogsSession implements CollectorSession {
  constructor(
    private readonly target: LogsTarget,
    private readonly sink: LogSink,
  ) {}

  pace(): Pace {
    const normalSeconds = this.target.intervalSeconds ?? INTERVAL_SECONDS;
    return {
      normalSeconds,
      denseSeconds: Math.min(normalSeconds, INTERVAL_SECONDS),
      fixedBeat: false,
      timeoutSeconds: this.target.timeoutSeconds ?? TIMEOUT_SECONDS,
    };
  }

  async collect({ nowMs }: CollectContext): Promise<CollectResult> {
    return {
      samples: this.sink.samples(nowMs),
      start: { marker: this.sink.marker, atMs: null },
      facts: {},
      notices: [...silence(this.sink, nowMs), ...refusals(this.sink)],
    };
  }

  async close(): Promise<void> {
    closeSink(this.target);
  }
}

function silence({ lastLineMs }: LogSink, nowMs: number): Notice[] {
  if (lastLineMs === null) {
    const text =
      'no line has come since this server started: let a log shipper send to POST /api/logs, see docs/connect/logs.md';
    return [{ code: 'no_lines', text }];
  }
  if (nowMs - lastLineMs <= SILENT_MS) return [];
  const text = `no line for ${formatDuration(nowMs - lastLineMs)}: nothing is counted until one comes; has the log shipper stopped?`;
  return [{ code: 'silent', text }];
}

function refusals(sink: LogSink): Notice[] {
  return TOLD.flatMap(([reason, text]) => {
    const lines = sink.refusedLines(reason);
    return lines === 0
      ? []
      : [{ code: `lines_${reason}`, text: `${lines.toLocaleString('en-US')} lines ${text}` }];
  });
}
