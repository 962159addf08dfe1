import 'server-only';
import { appMetrics } from '@/lib/core/metrics/catalogue/app.ts';
import type { Sample } from '@/lib/core/model/sample.ts';
import { isSettingName, SETTING_LOOKS, SETTING_PARSED } from '@/lib/core/settings/setting-words.ts';
import { cleanText } from './clean-text.ts';
import type { Exposition, ExpositionSample } from './exposition.ts';
import { labelOf, samplesOf, scaleOf } from './find-samples.ts';
import type { Binding } from './mapping.ts';
import type { MetricSource } from './presets.ts';
import { normaliseStatus } from './status-label.ts';

/** Numbers that were on the page and are not passed on, by reason. */
export interface Refused {
  /** Counters that are NaN, infinite or negative. */
  badValue: number;
  /** Stamped more than ten minutes ahead. */
  future: number;
  /** Metrics whose histograms have different bucket bounds, so that their buckets do not add up. */
  mixedBuckets: string[];
  /** Metrics with more label values than are kept. */
  tooManyLabels: string[];
}

const FUTURE_MS = 10 * 60_000;
/** More groups than all HTTP statuses together: labels that somebody filled with free text. */
const MAX_GROUPS = 600;
/** Each setting is a series; more than this nobody compares by eye. */
const MAX_SETTINGS = 200;
const MAX_LABEL_CHARS = 64;

interface Group {
  labels: Record<string, string>;
  value: number;
  members: number;
  refused: 'badValue' | 'future' | null;
}

/**
 * Sums a binding's samples over every label that we do not keep (routes, methods, pools). With a member that is no
 * number a counter gives nothing at all: without it the sum would be too small, and the next one would look like a burst.
 * Timestamps on the page are not used: a counter belongs to the moment at which it was read.
 */
export function readSamples(
  exposition: Exposition,
  binding: Binding,
  nowMs: number,
  refused: Refused,
): Sample[] {
  const { metric } = binding;
  const entry = appMetrics[metric];
  const groups = new Map<string, Group>();
  for (const source of binding.sources) {
    const scale = scaleOf(exposition, source);
    // Of a histogram in ms, the sum and the bounds are times; how many requests there were is not.
    const counted = source.part === 'bucket' || source.part === 'count' || 'le' in source.labels;
    const valueScale = counted ? 1 : scale;
    const readLabels = labelReader(source, scale);
    for (const raw of samplesOf(exposition, source)) {
      const { key, labels } = readLabels(raw);
      const group = groups.get(key) ?? { labels: labels(), value: 0, members: 0, refused: null };
      groups.set(key, group);
      const value = valueScale === 1 ? raw.value : raw.value * valueScale;
      group.refused ??= refusalOf(raw, value, entry.kind, nowMs);
      group.value = group.members === 0 ? value : combine(entry, group.value, value);
      group.members += 1;
    }
  }
  if (groups.size > (metric === 'app_setting_info' ? MAX_SETTINGS : MAX_GROUPS)) {
    refused.tooManyLabels.push(metric);
    return [];
  }
  const kept = [...groups.values()];
  if (
    metric === 'http_request_seconds_bucket_total' &&
    kept.some(({ members }) => members !== kept[0]?.members)
  ) {
    refused.mixedBuckets.push(metric);
    return [];
  }
  const samples = kept.flatMap(({ labels, value, refused: reason }): Sample[] => {
    if (reason === null && Number.isFinite(value)) return [{ metric, labels, value }];
    // A gauge that is NaN has no value just now; that is no fault.
    if (reason === 'future' || entry.kind === 'counter') refused[reason ?? 'badValue'] += 1;
    return [];
  });
  // Beside its family, a counter that is not there counts as 0: so with one left out, none is handed on.
  return entry.kind === 'counter' && samples.length < kept.length ? [] : samples;
}

function refusalOf(
  raw: ExpositionSample,
  value: number,
  kind: 'counter' | 'gauge',
  nowMs: number,
): Group['refused'] {
  if (raw.timestampMs !== null && raw.timestampMs - nowMs > FUTURE_MS) return 'future';
  return !Number.isFinite(value) || (kind === 'counter' && value < 0) ? 'badValue' : null;
}

/** Counted things add up; of states, times and delays the largest stands for all. */
function combine(entry: { kind: 'counter' | 'gauge'; unit: string }, a: number, b: number): number {
  if (entry.kind === 'gauge' && (entry.unit === 'state' || entry.unit === 'seconds')) return Math.max(a, b);
  return a + b;
}

/** Reads our labels off a sample, with a key of its group; a page repeats few values, so each is tidied once. */
function labelReader(source: MetricSource, scale: number) {
  const columns = Object.entries(source.labels).map(([ours, theirs]) => ({
    ours,
    theirs,
    tidied: new Map<string, string | null>(),
  }));
  return (sample: ExpositionSample) => {
    const values = columns.map(({ ours, theirs, tidied }) => {
      const found = typeof theirs === 'string' ? theirs.slice(1) : (labelOf(sample, theirs) ?? '');
      const known = tidied.get(found);
      if (known !== undefined) return known;
      const value = tidy(ours, found, scale);
      tidied.set(found, value);
      return value;
    });
    const labels = () => {
      const own: Record<string, string> = {};
      columns.forEach(({ ours }, i) => {
        const value = values[i];
        if (value !== null && value !== undefined) own[ours] = value;
      });
      return own;
    };
    return { key: values.join('\u0000'), labels };
  };
}

/** `1` and `1.0` are one bound; ms become s without binary dust. */
function normaliseBound(text: string, scale: number): string {
  const bound = /^\+?inf(inity)?$/i.test(text.trim()) ? Infinity : Number(text);
  if (bound === Infinity) return '+Inf';
  return Number.isFinite(bound) && text.trim() !== ''
    ? String(Number((bound * scale).toPrecision(12)))
    : 'other';
}

/** The value to keep, null for none. Commands, results and decisions are words: their letter case carries nothing. */
function tidy(label: string, value: string, scale: number): string | null {
  switch (label) {
    case 'status':
      return normaliseStatus(value);
    case 'le':
      return normaliseBound(value, scale);
    // Words of closed sets: what an app puts there by mistake may be the value itself, and is not kept.
    case 'setting':
      return isSettingName(value.trim()) ? value.trim() : null;
    case 'parsed':
      return oneOf(SETTING_PARSED, value, 'other');
    case 'looks':
      return oneOf(SETTING_LOOKS, value, 'unknown');
    case 'cmd':
    case 'result':
    case 'decision':
    case 'op':
    case 'from':
    case 'kind':
      return cleanText(value, MAX_LABEL_CHARS).toLowerCase() || null;
    default:
      return cleanText(value, MAX_LABEL_CHARS) || null;
  }
}

function oneOf(words: readonly string[], value: string, otherwise: string): string {
  const word = value.trim().toLowerCase();
  return words.includes(word) ? word : otherwise;
}
