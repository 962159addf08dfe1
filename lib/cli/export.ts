import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { parseInstantMs } from '@/lib/core/time/parse-instant.ts';
import { askServer } from './ask-server.ts';
import { type Command, type CommandIo, EXIT, type ExitCode } from './command.ts';
import { type ExportQuery, openSink, type Sink } from './export-sink.ts';
import { Progress } from './progress.ts';
import { plainText } from './text.ts';
import { writeMetric } from './write-metric.ts';

const FORMATS = ['csv', 'openmetrics'] as const;

const HELP = `usage: afterwatch export [--out FILE] [--format F] [--metric NAME]…
                         [--label NAME=VALUE]… [--target ID]… [--since TIME]
                         [--until TIME] [--json]

Writes the raw samples that a running Afterwatch keeps (30 days, where nothing
else is configured): one line a sample, a gap being no line. Without flags all of
them, to stdout.

  --out        a file; cut off, the same command goes on where it was. With
               --json a summary is printed
  --format     ${FORMATS.join(' or ')}; by the name of the file, else csv.
               openmetrics can be given to
               promtool tsdb create-blocks-from openmetrics
  --metric     only this metric; may be given several times, as --target
  --label      only series with this label
  --target     only this source: its id is app/environment/kind/name
  --since, --until   ISO with a zone, or Unix ms

  AFTERWATCH_URL     address of the server (default http://127.0.0.1:3000)
  AFTERWATCH_TOKEN   a token with scope read; or AFTERWATCH_TOKEN_FILE

exit codes
  0  written
  1  the server said no
  2  the file could not be written
  3  no connection, cut off, or wrong usage`;

const OPTIONS = {
  out: { type: 'string' },
  format: { type: 'string' },
  metric: { type: 'string', multiple: true },
  label: { type: 'string', multiple: true },
  target: { type: 'string', multiple: true },
  since: { type: 'string' },
  until: { type: 'string' },
} as const;

const listSchema = z.looseObject({
  startMs: z.number(),
  endMs: z.number(),
  metrics: z.array(z.looseObject({ metric: z.string(), series: z.number() })),
});

const exportCommand: Command = { help: HELP, run: runExport };

export { exportCommand as export };

async function runExport(
  { json, words }: { json: boolean; words: readonly string[] },
  io: CommandIo,
): Promise<ExitCode> {
  const query = readFlags(words);
  if (typeof query === 'string') {
    io.err(`afterwatch export: ${query}; try afterwatch export --help`);
    return EXIT.usage;
  }
  if (json && query.out === null) {
    io.err('afterwatch export: --json needs --out FILE, since the samples take stdout');
    return EXIT.usage;
  }
  let sink: Sink;
  try {
    sink = await openSink({ ...query, out: query.out === null ? null : resolve(io.cwd, query.out) }, io);
  } catch (error) {
    io.err(plainText(`afterwatch export: ${query.out}: ${messageOf(error)}`));
    return EXIT.unreadable;
  }
  const answer = await askServer(io, {
    method: 'GET',
    path: pathOf(query, { format: 'series' }, sink.range),
  });
  const list = 'fault' in answer ? null : listSchema.safeParse(answer.raw);
  if (list === null || !list.success) {
    await sink.leave();
    io.err(
      'fault' in answer
        ? `afterwatch export: ${answer.fault}`
        : `afterwatch export: ${answer.origin} gave no answer that we can read: is it an Afterwatch of this version?`,
    );
    return 'fault' in answer && answer.refused ? EXIT.mend : EXIT.noConnection;
  }
  return writeAll(query, list.data, { json, sink, io });
}

async function writeAll(
  query: ExportQuery,
  { startMs, endMs, metrics }: z.output<typeof listSchema>,
  { json, sink, io }: { json: boolean; sink: Sink; io: CommandIo },
): Promise<ExitCode> {
  const progress = new Progress(io);
  const all = metrics.reduce((sum, { series }) => sum + series, 0);
  let done = 0;
  try {
    await sink.begin({ startMs, endMs });
    for (const { metric, series } of metrics) {
      if (!sink.has(metric)) {
        const path = pathOf({ ...query, metric: [metric] }, { format: query.format }, { startMs, endMs });
        const show = () =>
          progress.show('exporting', done / all, `${metric}, ${sink.rows.toLocaleString('en-US')} samples`);
        const fault = await writeMetric(path, query.format, sink, { io, show });
        if (fault !== null) {
          progress.clear();
          await sink.leave();
          io.err(plainText(`afterwatch export: ${fault.text}`));
          if (query.out !== null) io.err('the same command goes on from here');
          return fault.refused ? EXIT.mend : EXIT.noConnection;
        }
        await sink.finishMetric(metric);
      }
      done += series;
    }
    await sink.end();
  } catch (error) {
    progress.clear();
    await sink.leave();
    io.err(plainText(`afterwatch export: ${messageOf(error)}`));
    return EXIT.unreadable;
  }
  progress.clear();
  io.err(`${sink.rows.toLocaleString('en-US')} samples of ${all.toLocaleString('en-US')} series`);
  if (json) io.out(JSON.stringify({ file: query.out, samples: sink.rows, series: all, startMs, endMs }));
  return EXIT.fine;
}

function pathOf(
  { metric, label, target, since, until }: ExportQuery,
  { format }: { format: string },
  range: { startMs: number; endMs: number } | null,
): string {
  const params = new URLSearchParams({ format });
  for (const one of metric) params.append('metric', one);
  for (const one of target) params.append('target', one);
  for (const [name, value] of label) params.append(`label.${name}`, value);
  const start = range?.startMs ?? since;
  const end = range?.endMs ?? until;
  if (start !== null) params.append('start', String(start));
  if (end !== null) params.append('end', String(end));
  return `/api/export?${params}`;
}

function readFlags(words: readonly string[]): ExportQuery | string {
  let values: ReturnType<typeof parseWords>['values'];
  try {
    values = parseWords(words).values;
  } catch {
    return 'takes the flags that the help lists';
  }
  const out = values.out === undefined || values.out === '-' ? null : values.out;
  const named = /\.(om|openmetrics|prom)$/i.test(out ?? '') ? 'openmetrics' : 'csv';
  const format = values.format === undefined ? named : FORMATS.find((one) => one === values.format);
  if (format === undefined) return `--format takes ${FORMATS.join(' or ')}`;
  const label: [string, string][] = [];
  for (const pair of values.label ?? []) {
    const at = pair.indexOf('=');
    if (at < 1) return '--label takes NAME=VALUE';
    label.push([pair.slice(0, at), pair.slice(at + 1)]);
  }
  const since = values.since === undefined ? null : parseInstantMs(values.since);
  const until = values.until === undefined ? null : parseInstantMs(values.until);
  if ((values.since !== undefined && since === null) || (values.until !== undefined && until === null))
    return '--since and --until take ISO such as 2026-04-09T17:54:00Z, or Unix ms';
  return { out, format, metric: values.metric ?? [], target: values.target ?? [], label, since, until };
}

function parseWords(words: readonly string[]) {
  return parseArgs({ args: [...words], options: OPTIONS, allowPositionals: false });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'failed';
}
