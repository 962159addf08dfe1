import 'server-only';
import {
  type Exposition,
  ExpositionBuilder,
  ExpositionError,
  type Family,
  type FamilyType,
  familyType,
  type SampleRole,
} from './exposition.ts';
import { forEachLine, parseDeclaration, readSampleLine } from './prometheus-text.ts';
import { LineError, LineMemo, parseSampleValue } from './sample-line.ts';

type Part = SampleRole | 'created';

/** What follows the family's name on its sample lines, by type. */
const PARTS: Readonly<Record<FamilyType, readonly (readonly [suffix: string, part: Part])[]>> = {
  counter: [
    ['_total', 'plain'],
    ['_created', 'created'],
  ],
  gauge: [],
  histogram: [
    ['_bucket', 'bucket'],
    ['_sum', 'sum'],
    ['_count', 'count'],
    ['_created', 'created'],
  ],
  summary: [
    ['_sum', 'sum'],
    ['_count', 'count'],
    ['_created', 'created'],
  ],
  gaugehistogram: [
    ['_bucket', 'bucket'],
    ['_gsum', 'sum'],
    ['_gcount', 'count'],
  ],
  info: [['_info', 'plain']],
  stateset: [],
  unknown: [],
};

/**
 * Reads OpenMetrics 1.0. Timestamps are seconds; counters and infos get the suffix that the text format gives them,
 * so that both dialects name a family alike; `_created` is when counting began, never a measure.
 * Throws `ExpositionError` when a line cannot be read or `# EOF` is missing (then the answer was cut).
 */
export function parseOpenMetrics(text: string, maxSeries: number): Exposition {
  const builder = new ExpositionBuilder(maxSeries);
  const memo = new LineMemo();
  const declared = new Map<string, { family: Family; type: FamilyType }>();
  let ended = false;
  let lines = 0;

  const declare = (line: string) => {
    const declaration = parseDeclaration(line);
    if (declaration?.keyword !== 'TYPE') return;
    const type = familyType(declaration.value);
    declared.set(declaration.name, { family: builder.declare(textName(declaration.name, type), type), type });
  };
  const readSample = (line: string, number: number) => {
    const { name, labels, value, timestamp, seriesText } = readSampleLine(line, number, memo);
    const { family, part } = placed(name, declared) ?? {
      family: builder.declare(name, 'unknown'),
      part: 'plain' as const,
    };
    if (part === 'created') {
      builder.addCreated(value);
      return;
    }
    const timestampMs = timestamp === null ? null : secondsToMs(timestamp, number);
    builder.add(family, { name, role: part, labels, value, timestampMs }, seriesText);
  };

  forEachLine(text, (line, number) => {
    if (ended) throw new ExpositionError(number, 'expected nothing after # EOF');
    lines = number;
    if (line === '# EOF') ended = true;
    else if (line.startsWith('#')) declare(line);
    else readSample(line, number);
  });
  if (!ended) throw new ExpositionError(lines, 'expected # EOF at the end; the answer was cut');
  return builder.finish();
}

function textName(name: string, type: FamilyType): string {
  if (type === 'counter' && !name.endsWith('_total')) return `${name}_total`;
  if (type === 'info' && !name.endsWith('_info')) return `${name}_info`;
  return name;
}

function placed(
  name: string,
  declared: ReadonlyMap<string, { family: Family; type: FamilyType }>,
): { family: Family; part: Part } | null {
  const own = declared.get(name);
  if (own !== undefined) return { family: own.family, part: 'plain' };
  const cut = name.lastIndexOf('_');
  if (cut === -1) return null;
  const base = declared.get(name.slice(0, cut));
  const part =
    base === undefined ? undefined : PARTS[base.type].find(([suffix]) => suffix === name.slice(cut));
  return base === undefined || part === undefined ? null : { family: base.family, part: part[1] };
}

function secondsToMs(token: string, number: number): number {
  try {
    return Math.round(parseSampleValue(token) * 1_000);
  } catch (error) {
    if (error instanceof LineError) throw new ExpositionError(number, 'expected a timestamp in seconds');
    throw error;
  }
}
