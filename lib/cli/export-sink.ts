import { createHash } from 'node:crypto';
import { type FileHandle, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { CSV_HEADER } from '@/lib/core/history/csv-lines.ts';
import { OPENMETRICS_END } from '@/lib/core/history/openmetrics-lines.ts';
import type { CommandIo } from './command.ts';

export interface ExportQuery {
  /** Null: stdout. */
  out: string | null;
  format: 'csv' | 'openmetrics';
  metric: readonly string[];
  target: readonly string[];
  label: readonly (readonly [name: string, value: string])[];
  since: number | null;
  until: number | null;
}

interface Range {
  startMs: number;
  endMs: number;
}

/** Where an export goes, metric after metric. */
export interface Sink {
  /** Of the run that is gone on with; null for a new one. */
  range: Range | null;
  /** Samples written, those of earlier runs included. */
  rows: number;
  begin(range: Range): Promise<void>;
  /** True for a metric that an earlier run has written whole. */
  has(metric: string): boolean;
  write(text: string, rows: number): Promise<void>;
  finishMetric(metric: string): Promise<void>;
  /** All is written. */
  end(): Promise<void>;
  /** Gives up; what was finished is kept for the next run. */
  leave(): Promise<void>;
}

const stateSchema = z.object({
  key: z.string(),
  range: z.object({ startMs: z.number(), endMs: z.number() }),
  metrics: z.array(z.string()),
  bytes: z.int().nonnegative(),
  rows: z.int().nonnegative(),
});
type State = z.output<typeof stateSchema>;

/** Opens stdout or a file. A file is written beside its name and gets it at the end, so that no part is taken for it. */
export async function openSink(query: ExportQuery, io: CommandIo): Promise<Sink> {
  if (query.out === null) return new StreamSink(query.format, io);
  const { out, ...asked } = query;
  const key = createHash('sha256')
    .update(JSON.stringify([asked, io.env.AFTERWATCH_URL ?? '']))
    .digest('hex');
  const state = await readState(`${out}.part.json`, key);
  const file = await open(`${out}.part`, state === null ? 'w' : 'r+');
  if (state !== null) await file.truncate(state.bytes);
  return new FileSink(out, query.format, file, state ?? { key, range: null, metrics: [], bytes: 0, rows: 0 });
}

async function readState(path: string, key: string): Promise<State | null> {
  try {
    const read = stateSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
    return read.success && read.data.key === key ? read.data : null;
  } catch {
    return null;
  }
}

const FIRST = { csv: CSV_HEADER, openmetrics: '' } as const;
const LAST = { csv: '', openmetrics: OPENMETRICS_END } as const;

class StreamSink implements Sink {
  readonly range = null;
  rows = 0;
  constructor(
    private readonly format: ExportQuery['format'],
    private readonly io: CommandIo,
  ) {}

  begin(): Promise<void> {
    return this.#put(FIRST[this.format]);
  }
  has(): boolean {
    return false;
  }
  write(text: string, rows: number): Promise<void> {
    this.rows += rows;
    return this.#put(text);
  }
  async finishMetric(): Promise<void> {}
  end(): Promise<void> {
    return this.#put(LAST[this.format]);
  }
  async leave(): Promise<void> {}

  async #put(text: string): Promise<void> {
    if (text === '') return;
    if (this.io.write !== undefined) await this.io.write(text);
    else this.io.out(text.replace(/\n$/, ''));
  }
}

class FileSink implements Sink {
  rows: number;
  #bytes: number;

  constructor(
    private readonly out: string,
    private readonly format: ExportQuery['format'],
    private readonly file: FileHandle,
    private readonly state: Omit<State, 'range'> & { range: Range | null },
  ) {
    this.rows = state.rows;
    this.#bytes = state.bytes;
  }

  get range(): Range | null {
    return this.state.range;
  }

  async begin(range: Range): Promise<void> {
    this.state.range = range;
    if (this.#bytes === 0) await this.write(FIRST[this.format], 0);
  }

  has(metric: string): boolean {
    return this.state.metrics.includes(metric);
  }

  async write(text: string, rows: number): Promise<void> {
    const bytes = Buffer.from(text);
    await this.file.write(bytes, 0, bytes.length, this.#bytes);
    this.#bytes += bytes.length;
    this.rows += rows;
  }

  async finishMetric(metric: string): Promise<void> {
    this.state.metrics.push(metric);
    this.state.bytes = this.#bytes;
    this.state.rows = this.rows;
    await this.file.datasync();
    await writeFile(`${this.out}.part.json`, `${JSON.stringify(this.state)}\n`);
  }

  async end(): Promise<void> {
    await this.write(LAST[this.format], 0);
    await this.file.close();
    await rename(`${this.out}.part`, this.out);
    await rm(`${this.out}.part.json`, { force: true });
  }

  async leave(): Promise<void> {
    await this.file.close();
    if (this.state.metrics.length > 0) return;
    await rm(`${this.out}.part`, { force: true });
  }
}
