import 'server-only';
import { QUALITY_LABEL, TARGET_LABEL } from '@/lib/core/history/openmetrics-lines.ts';
import type { RowDefaults, RowFault, RowReader, SampleRow } from '@/lib/core/history/sample-row.ts';
import type { Labels } from '@/lib/core/model/sample.ts';
import { parseInstantMs } from '@/lib/core/time/parse-instant.ts';
import { LineError, LineMemo, parseSampleLine, splitName } from '../collectors/app/sample-line.ts';

const NAME_INSIDE = /^\{\s*__name__="([a-zA-Z_:][\w:]*)"\s*,?/;
/** Series whose labels are kept parsed, so that the same text gives the same labels. */
const MOST_KEPT = 10_000;
/** Types that tell of each series when it began, beside its values. */
const WITH_CREATED: ReadonlySet<string> = new Set(['counter', 'histogram', 'summary']);

/** A dump of an engine's blocks writes the name as a label. */
function withNameInFront(line: string): string {
  return line.startsWith('{') ? line.replace(NAME_INSIDE, '$1{') : line;
}

interface Named {
  target: string | null;
  metric: string;
  labels: Labels;
  quality: 'measured' | 'inferred';
}

/** Reads OpenMetrics or Prometheus text in which each line has its time; times are seconds, or ms where they are that large. */
export function openMetricsRows(defaults: RowDefaults): RowReader {
  const memo = new LineMemo();
  const known = new Map<string, Named>();
  const created = new Set<string>();
  return (line) => {
    if (line.trim() === '') return null;
    if (line.startsWith('#')) {
      noteType(line, created);
      return null;
    }
    try {
      return readLine(withNameInFront(line), defaults, { memo, known, created });
    } catch (error) {
      if (error instanceof LineError) return { fault: error.message };
      throw error;
    }
  };
}

function noteType(line: string, created: Set<string>): void {
  const rest = /^#\s+TYPE\s+(.*)$/.exec(line)?.[1];
  const declared = rest === undefined ? null : splitName(rest);
  if (declared !== null && WITH_CREATED.has(declared.rest)) created.add(`${declared.name}_created`);
}

function readLine(
  line: string,
  defaults: RowDefaults,
  { memo, known, created }: { memo: LineMemo; known: Map<string, Named>; created: ReadonlySet<string> },
): SampleRow | RowFault | null {
  const read = parseSampleLine(line, memo);
  if (created.has(read.name)) return null;
  // Not a number is how this format says that nothing was measured.
  if (Number.isNaN(read.value)) return null;
  if (!Number.isFinite(read.value)) return { fault: 'its value is not finite' };
  if (read.timestamp === null) return { fault: 'it has no time; only samples with a time can be imported' };
  const atMs = parseInstantMs(read.timestamp);
  if (atMs === null) return { fault: 'its time is neither seconds nor ms since 1970' };
  const named = known.get(read.seriesText) ?? nameOf(read.name, read.labels, defaults);
  if (known.size < MOST_KEPT) known.set(read.seriesText, named);
  const { target, metric, labels, quality } = named;
  const { intervalMs } = defaults;
  return { target, metric, labels, quality, atMs, value: read.value, intervalMs, added: 'work out' };
}

function nameOf(name: string, all: Labels, defaults: RowDefaults): Named {
  const { [TARGET_LABEL]: target, ...own } = all;
  const isInferred = own[QUALITY_LABEL] === 'inferred';
  const labels = Object.fromEntries(
    Object.entries(own).filter(([key]) => !isInferred || key !== QUALITY_LABEL),
  );
  return {
    target: target ?? defaults.target,
    metric: name,
    labels: { ...defaults.labels, ...labels },
    quality: isInferred ? 'inferred' : 'measured',
  };
}
