import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { labelsKey } from '@/lib/core/model/sample.ts';
import { parseInfo } from './parse.ts';

const REAL = readFileSync(new URL('recorded/redis-7.0.15.txt', import.meta.url), 'utf8');
const NOW_MS = 1_762_000_000_000;

const line = fc.oneof(
  fc.string(),
  fc.constantFrom(...REAL.split('\r\n')),
  fc
    .tuple(
      fc.constantFrom('db0', 'cmdstat_get', 'errorstat_ERR', 'used_memory', 'run_id', '__proto__'),
      fc.string(),
    )
    .map(([name, text]) => `${name}:${text}`),
);
const anyReply = fc
  .tuple(fc.boolean(), fc.array(line, { maxLength: 60 }), fc.constantFrom('\r\n', '\n'))
  .map(([isInfo, lines, end]) => [...(isInfo ? ['redis_version:7.0.0'] : []), ...lines].join(end));

test('the parser survives any text, and every number it gives is finite, not negative and given once', () => {
  fc.assert(
    fc.property(anyReply, (text) => {
      const reply = parseInfo(text, NOW_MS);
      if (reply === null) return;
      const seen = new Set<string>();
      for (const { metric, labels, value } of reply.samples) {
        expect(Number.isFinite(value) && value >= 0).toBe(true);
        const key = `${metric}{${labelsKey(labels)}}`;
        expect(seen.has(key)).toBe(false);
        seen.add(key);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('it never invents a sample: text without a field of ours gives none', () => {
  const stranger = fc.array(fc.tuple(fc.string(), fc.string()), { maxLength: 40 }).map((pairs) =>
    // The prefix makes sure that no name is one that we know.
    pairs.map(([name, value]) => `x_${name.replace(/[\r\n]/g, '')}:${value.replace(/[\r\n]/g, '')}`),
  );
  fc.assert(
    fc.property(stranger, (lines) => {
      expect(parseInfo(['redis_version:7.0.0', ...lines].join('\r\n'), NOW_MS)?.samples).toEqual([]);
    }),
  );
});

test('leaving out lines of a real reply only takes samples away, never changes or adds one', () => {
  const lines = REAL.split('\r\n').filter((text) => !text.startsWith('#'));
  const whole = new Map(
    parseInfo(lines.join('\r\n'), NOW_MS)?.samples.map((s) => [`${s.metric}${labelsKey(s.labels)}`, s.value]),
  );
  fc.assert(
    fc.property(fc.subarray(lines), (some) => {
      for (const sample of parseInfo(some.join('\r\n'), NOW_MS)?.samples ?? []) {
        expect(whole.get(`${sample.metric}${labelsKey(sample.labels)}`)).toBe(sample.value);
      }
    }),
  );
});
