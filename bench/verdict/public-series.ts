import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { CountBlock, LogBlocks } from '../../lib/core/verdict/blocks.ts';

/** A public series of measured numbers, as it was published. */
export interface PublicSeries {
  name: string;
  stepMs: number;
  points: readonly { atMs: number; value: number }[];
  /** Stretches that people marked as unusual. */
  labels: readonly { fromMs: number; toMs: number }[];
  /** True where the numbers count events in their step. */
  isCount: boolean;
}

const BLOCK_MS = 300_000;
const labelsSchema = z.record(z.string(), z.array(z.tuple([z.string(), z.string()])));

/**
 * Names (`folder/file.csv`) of the series of the Numenta Anomaly Benchmark in a folder; null where the folder is absent.
 * They are not part of the project.
 */
export function listPublicSeries(folder: string): string[] | null {
  if (!existsSync(join(folder, 'combined_windows.json'))) return null;
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => readdirSync(join(folder, name)).map((file) => `${name}/${file}`))
    .filter((name) => name.endsWith('.csv'))
    .sort();
}

/** Reads one series and its labels. Throws where a file is not what the benchmark publishes. */
export function readPublicSeries(folder: string, name: string): PublicSeries {
  const labels = labelsSchema.parse(
    JSON.parse(readFileSync(join(folder, 'combined_windows.json'), 'utf8')) as unknown,
  );
  const points = readFileSync(join(folder, name), 'utf8')
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => {
      const [time = '', value = ''] = line.split(',');
      return { atMs: timeOf(time), value: Number(value) };
    })
    .filter(({ atMs, value }) => Number.isFinite(atMs) && Number.isFinite(value));
  return {
    name,
    stepMs: usualStep(points),
    points,
    labels: (labels[name] ?? []).map(([from, to]) => ({ fromMs: timeOf(from), toMs: timeOf(to) })),
    isCount: name.startsWith('realTweets/'),
  };
}

/** Times are UTC without saying so. */
function timeOf(text: string): number {
  return Date.parse(`${text.trim().slice(0, 19).replace(' ', 'T')}Z`);
}

function usualStep(points: readonly { atMs: number }[]): number {
  const seen = new Map<number, number>();
  for (const [i, { atMs }] of points.entries()) {
    const before = points[i - 1];
    if (before === undefined || atMs <= before.atMs) continue;
    seen.set(atMs - before.atMs, (seen.get(atMs - before.atMs) ?? 0) + 1);
  }
  const [most] = [...seen].sort((a, b) => b[1] - a[1]);
  return most?.[0] ?? BLOCK_MS;
}

/** A series cut to blocks of 5 min on the clock. A number of a longer step stands for all blocks of it. */
export interface GridSeries {
  fromMs: number;
  /** Null where nothing was measured. */
  values: readonly (number | null)[];
}

/** Brings a series to the blocks of the clock. */
export function gridOf({ points, stepMs }: PublicSeries): GridSeries {
  const first = points[0]?.atMs ?? 0;
  const fromMs = first - (first % BLOCK_MS);
  const last = points.at(-1)?.atMs ?? fromMs;
  const width = Math.max(1, Math.round(stepMs / BLOCK_MS));
  const values = new Array<number | null>(Math.ceil((last - fromMs + 1) / BLOCK_MS) + width - 1).fill(null);
  for (const { atMs, value } of points) {
    const at = Math.floor((atMs - fromMs) / BLOCK_MS);
    for (let i = at; i < at + width && i < values.length; i++) values[i] = value;
  }
  return { fromMs, values };
}

/** Whether most of a series lies above zero, so that logarithms can tell it. */
export function isMostlyAboveZero({ points }: PublicSeries, least = 0.8): boolean {
  return points.filter(({ value }) => value > 0).length >= least * points.length;
}

/** Counts of events as blocks of a counter, each wholly covered. */
export function asCounts(values: readonly (number | null)[]): CountBlock[] {
  return values.map((value) =>
    value === null ? null : { increase: Math.max(0, value), coveredMs: BLOCK_MS },
  );
}

/** Logarithms of levels; what is not above zero is missing. */
export function asLogs(values: readonly (number | null)[]): LogBlocks {
  return values.map((value) => (value === null || value <= 0 ? null : Math.log(value)));
}
