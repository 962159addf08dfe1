import 'server-only';
import { readFileSync } from 'node:fs';
import type { Labels } from '@/lib/core/model/sample.ts';
import { type PromAnswer, type PromSeries, readAnswer } from '../promql/answer.ts';
import { envelopeSchema, queryDataSchema } from '../promql/schema.ts';
import type { Reading } from './read.ts';
import type { GroupName } from './schema.ts';

/** When the recorded answers were asked for. */
export const ASKED_MS = 1_795_319_174_975;

/** A recorded answer. */
export function recorded(name: string): PromAnswer {
  const text = readFileSync(new URL(`recorded/${name}.json`, import.meta.url), 'utf8');
  const envelope = envelopeSchema.parse(JSON.parse(text));
  return readAnswer(queryDataSchema.parse(envelope.data), envelope);
}

/** One series with one value. */
export function series(name: string, labels: Labels, value: number, atMs = ASKED_MS): PromSeries {
  return {
    labels: { __name__: name, job: 'web', instance: 'web-1:9091', ...labels },
    points: [{ atMs, value }],
  };
}

export function vector(...list: PromSeries[]): PromAnswer {
  return { shape: 'vector', series: list, partial: null };
}

/** What a visit brought: the groups that are given, and nothing else. */
export function reading(
  groups: Partial<Record<GroupName, PromAnswer>>,
  given: Partial<Reading> = {},
): Reading {
  const entries = Object.entries(groups) as [GroupName, PromAnswer][];
  return {
    scrapes: null,
    groups: new Map(entries.map(([group, answer]) => [group, { answer }])),
    queries: [],
    ...given,
  };
}
