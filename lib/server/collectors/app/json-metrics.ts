import 'server-only';
import {
  type Exposition,
  ExpositionBuilder,
  ExpositionError,
  mergeExpositions,
  SeriesLimitError,
} from './exposition.ts';
import { parseJson } from './health.ts';
import { parsePrometheusText } from './prometheus-text.ts';
import { isDecimal } from './sample-line.ts';

/** Deeper than any real health body; deeper values are not looked at. */
const MAX_DEPTH = 12;
/** JSON text inside a JSON string is opened this often. */
const MAX_NESTED_TEXTS = 2;
/** Texts and nulls come on top of the numbers; a body with this many more is no health body. */
const MAX_VALUES_PER_SERIES = 10;

interface Walk {
  builder: ExpositionBuilder;
  /** Metrics pages found as text inside the body. */
  pages: Exposition[];
  maxSeries: number;
  /** Values looked at so far. */
  visited: number;
  /** Numbers found so far; each is one series, whatever families it is listed in. */
  leaves: number;
}

/**
 * A JSON body as a metrics page: every numeric leaf is a family named by its path, `redis.commands.get`, and a member
 * of the family `redis.commands` with the label `key`. True and false are 1 and 0. A string may hold a number, a metrics page
 * or JSON of its own. What the leaves mean is told by the config's mapping; nothing is guessed.
 * Throws `SeriesLimitError`.
 */
export function readJsonMetrics(json: unknown, maxSeries: number): Exposition {
  const walk: Walk = {
    builder: new ExpositionBuilder(Number.POSITIVE_INFINITY),
    pages: [],
    maxSeries,
    visited: 0,
    leaves: 0,
  };
  visit(json, [], 0, walk);
  const all = mergeExpositions([...walk.pages, walk.builder.finish()]);
  const pageSeries = walk.pages.reduce((sum, page) => sum + page.series, 0);
  if (pageSeries + walk.leaves > maxSeries) throw new SeriesLimitError(maxSeries);
  return all;
}

function visit(value: unknown, path: readonly string[], texts: number, walk: Walk): void {
  walk.visited += 1;
  if (walk.visited > MAX_VALUES_PER_SERIES * walk.maxSeries) throw new SeriesLimitError(walk.maxSeries);
  if (path.length > MAX_DEPTH) return;
  switch (typeof value) {
    case 'number':
      addLeaf(value, path, walk);
      return;
    case 'boolean':
      addLeaf(value ? 1 : 0, path, walk);
      return;
    case 'string':
      visitText(value, path, texts, walk);
      return;
    case 'object':
      if (value === null) return;
      for (const [key, inner] of Object.entries(value)) visit(inner, [...path, key], texts, walk);
      return;
    default:
      return;
  }
}

function visitText(text: string, path: readonly string[], texts: number, walk: Walk): void {
  const trimmed = text.trim();
  if (trimmed.length < 40 && isDecimal(trimmed)) {
    addLeaf(Number(trimmed), path, walk);
    return;
  }
  if (texts >= MAX_NESTED_TEXTS) return;
  if (/^[{["]/.test(trimmed)) {
    const json = parseJson(trimmed);
    if (json !== undefined) {
      visit(json, path, texts + 1, walk);
      return;
    }
  }
  // One line of prose such as `answered 200` reads like a sample; a page has several lines or says # TYPE.
  if (!trimmed.includes('\n') && !trimmed.startsWith('#')) return;
  const page = pageOrNull(trimmed, walk.maxSeries);
  if (page !== null) walk.pages.push(page);
}

function addLeaf(value: number, path: readonly string[], walk: Walk): void {
  const last = path.at(-1);
  if (last === undefined) return;
  walk.leaves += 1;
  if (walk.leaves > walk.maxSeries) throw new SeriesLimitError(walk.maxSeries);
  const { builder } = walk;
  add(builder, path.join('.'), {}, value);
  if (path.length > 1) add(builder, path.slice(0, -1).join('.'), { key: last }, value);
}

function add(builder: ExpositionBuilder, name: string, labels: Record<string, string>, value: number): void {
  const sample = { name, role: 'plain' as const, labels, value, timestampMs: null };
  builder.add(builder.declare(name, 'unknown'), sample, JSON.stringify([name, labels]));
}

function pageOrNull(text: string, maxSeries: number): Exposition | null {
  try {
    return parsePrometheusText(text, maxSeries);
  } catch (error) {
    if (error instanceof ExpositionError) return null;
    throw error;
  }
}
