import 'server-only';
import { type Exposition, type ExpositionSample, type Family, otherTotal } from './exposition.ts';
import type { MetricSource, SourcePart } from './presets.ts';

/** The samples that a source names; empty when its family is absent or only declared. */
export function samplesOf(exposition: Exposition, source: MetricSource): readonly ExpositionSample[] {
  const family = lookUp(exposition, source.from);
  const parted = family?.type === 'histogram' || family?.type === 'summary';
  if (family !== null && (parted || source.part === 'plain')) {
    return family.samples.filter((sample) => sample.role === source.part && passes(sample, source));
  }
  if (source.part === 'plain') return [];
  // Without a TYPE line the parts of a histogram are families of their own.
  const part = lookUp(exposition, `${source.from}_${source.part}`);
  return part?.samples.filter((sample) => passes(sample, source)) ?? [];
}

/** What `value` and `le` are multiplied by. */
export function scaleOf(exposition: Exposition, source: MetricSource): number {
  if (!source.unitDecides) return source.scale;
  switch (lookUp(exposition, source.from)?.unit) {
    case 's':
    case 'seconds':
      return 1;
    case 'ms':
    case 'milliseconds':
      return 0.001;
    default:
      return source.scale;
  }
}

/** The first of `names` that the sample carries, not empty; null when it has none. Dots count as underscores. */
export function labelOf(sample: ExpositionSample, names: readonly string[]): string | null {
  const isDotted = hasDottedLabel(sample);
  for (const name of names) {
    const value = Object.hasOwn(sample.labels, name)
      ? sample.labels[name]
      : isDotted
        ? dottedLabel(sample, name)
        : undefined;
    if (value !== undefined && value !== '') return value;
  }
  return null;
}

/** True when the page has that part of a family, be it only declared. */
export function isPresent(exposition: Exposition, from: string, part: SourcePart = 'plain'): boolean {
  const family = lookUp(exposition, from);
  const parted = family?.type === 'histogram' || family?.type === 'summary';
  if (family !== null && (part === 'plain' || parted)) return true;
  return part !== 'plain' && lookUp(exposition, `${from}_${part}`) !== null;
}

function passes(sample: ExpositionSample, { where }: MetricSource): boolean {
  if (where === null) return true;
  const value = labelOf(sample, where.labels);
  return value !== null && where.oneOf.includes(value.toLowerCase());
}

const named = new WeakMap<Exposition, ReadonlyMap<string, Family>>();

/**
 * By name, with or without `_total`; then by the name with dots as underscores: exporters with UTF-8 names keep
 * OpenTelemetry's dots. Every visit asks for a hundred names, so the other spellings are worked out once a page.
 */
export function lookUp(exposition: Exposition, name: string): Family | null {
  let names = named.get(exposition);
  if (names === undefined) {
    names = spellings(exposition);
    named.set(exposition, names);
  }
  return names.get(name) ?? null;
}

/** Of two families that claim a name, the one that has it as written; then the one that is written without dots. */
function spellings({ families }: Exposition): ReadonlyMap<string, Family> {
  const names = new Map(families);
  const put = (name: string, family: Family): void => {
    if (!names.has(name)) names.set(name, family);
  };
  for (const [name, family] of families) put(otherTotal(name), family);
  for (const [name, family] of families) if (name.includes('.')) put(name.replaceAll('.', '_'), family);
  return names;
}

function hasDottedLabel({ labels }: ExpositionSample): boolean {
  for (const theirs in labels) if (theirs.includes('.')) return true;
  return false;
}

function dottedLabel(sample: ExpositionSample, name: string): string | undefined {
  for (const theirs in sample.labels) {
    if (theirs.includes('.') && theirs.replaceAll('.', '_') === name) return sample.labels[theirs];
  }
  return undefined;
}
