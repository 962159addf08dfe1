import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyText } from '@/lib/core/markdown/test-any-text.ts';
import { ScrapeError } from '../collector.ts';
import { ExpositionError, SeriesLimitError } from './exposition.ts';
import { readHealth } from './health.ts';
import { readJsonMetrics } from './json-metrics.ts';
import { parseOpenMetrics } from './open-metrics.ts';
import { parsePrometheusText } from './prometheus-text.ts';
import { readPage } from './read-page.ts';

/** Text that is often nearly an exposition: random pieces of one, and real lines with one character changed. */
const piece = fc.constantFrom(
  ...[
    'a',
    'a_total',
    '_bucket',
    '{',
    '}',
    '"',
    '=',
    ',',
    '\\',
    '\n',
    ' ',
    '#',
    '# TYPE ',
    '# EOF',
    '1',
    '-',
    '.',
    'e9',
  ],
  ...[
    'NaN',
    '+Inf',
    'le="1"',
    'status="429"',
    '{"x.y"',
    '\u0000',
    'ü',
    '__proto__',
    '\r',
    '\t',
    '<html>',
    '[1,',
    '{"a":',
  ],
);
const noise = fc.oneof(
  fc.array(piece, { maxLength: 60 }).map((parts) => parts.join('')),
  anyText(200),
);

const name = fc.stringMatching(/^[a-z_:][a-z0-9_:]{0,12}$/);
const labelName = fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/);
const labels = fc.dictionary(labelName, fc.string({ unit: 'grapheme', maxLength: 12 }), { maxKeys: 4 });
const value = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(Number.NaN, Infinity, -Infinity));
const lines = fc.uniqueArray(fc.record({ name, labels, value, timestamp: fc.option(fc.integer()) }), {
  selector: (line) => `${line.name} ${JSON.stringify(Object.entries(line.labels).sort())}`,
  maxLength: 20,
});

function escapeValue(text: string): string {
  return text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
}
function printValue(number: number): string {
  if (Number.isNaN(number)) return 'NaN';
  return Number.isFinite(number) ? String(number) : number > 0 ? '+Inf' : '-Inf';
}
function print(
  all: { name: string; labels: Record<string, string>; value: number; timestamp: number | null }[],
): string {
  return all
    .map((line) => {
      const set = Object.entries(line.labels).map(([key, text]) => `${key}="${escapeValue(text)}"`);
      return `${line.name}{${set.join(',')}} ${printValue(line.value)}${line.timestamp === null ? '' : ` ${line.timestamp}`}\n`;
    })
    .join('');
}

function survives(read: () => unknown): void {
  const startedMs = performance.now();
  try {
    read();
  } catch (error) {
    const expected =
      error instanceof ExpositionError || error instanceof SeriesLimitError || error instanceof ScrapeError;
    if (!expected) throw error;
  }
  // Generous for a busy machine; a blow-up would be minutes.
  expect(performance.now() - startedMs).toBeLessThan(5_000);
}

describe('any text', () => {
  test('is survived by every reader, with one of our own errors or none', () => {
    fc.assert(
      fc.property(noise, (text) => {
        survives(() => parsePrometheusText(text, 1_000));
        survives(() => parseOpenMetrics(text, 1_000));
        survives(() => readPage({ text, contentType: null, framed: true }, 'app: web'));
        survives(() => readHealth({ status: 200, contentType: null, text }));
      }),
      { numRuns: 2_000 },
    );
  });

  test('gives no sample whose name and value do not stand in it', () => {
    fc.assert(
      fc.property(noise, (text) => {
        let page: ReturnType<typeof parsePrometheusText>;
        try {
          page = parsePrometheusText(text, 1_000);
        } catch {
          return;
        }
        const samples = [...page.families.values()].flatMap((family) => family.samples);
        const filled = text.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('#'));
        expect(samples.length).toBeLessThanOrEqual(filled.length);
        for (const sample of samples)
          expect(filled.some((line) => line.includes(sample.name.split(/["\\\n]/)[0] ?? ''))).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});

test('any JSON is survived, and gives numbers only for its leaves', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (json) => {
      survives(() => readJsonMetrics(json, 1_000));
      survives(() =>
        readHealth({ status: 200, contentType: 'application/json', text: JSON.stringify(json) }),
      );
    }),
    { numRuns: 1_000 },
  );
});

test('what is printed as an exposition is read back exactly', () => {
  fc.assert(
    fc.property(lines, (all) => {
      const given = all.map((line) => ({ ...line, timestamp: line.timestamp ?? null }));
      const page = parsePrometheusText(print(given), 1_000);
      // _created is not a measure; a family of that name may rightly vanish.
      const kept = given.filter((line) => !line.name.endsWith('_created'));
      const read = [...page.families.values()].flatMap((family) => family.samples);
      for (const line of kept) {
        const found = read.find(
          (sample) =>
            sample.name === line.name &&
            JSON.stringify(Object.entries(sample.labels)) === JSON.stringify(Object.entries(line.labels)),
        );
        expect(found?.value).toBe(line.value === 0 ? Number(printValue(line.value)) : line.value);
        expect(found?.timestampMs).toBe(line.timestamp);
      }
      expect(page.duplicates).toBe(0);
    }),
    { numRuns: 500 },
  );
});
