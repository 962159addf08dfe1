import { describe, expect, test } from 'vitest';
import { ExpositionError } from './exposition.ts';
import { parseOpenMetrics } from './open-metrics.ts';

const parse = (text: string) => parseOpenMetrics(text, 1_000);

describe('OpenMetrics', () => {
  test('names families as the text format does', () => {
    const page = parse(
      '# TYPE a counter\na_total 1\n# TYPE b_total counter\nb_total 2\n# TYPE t info\nt_info{v="1"} 1\n# TYPE h histogram\nh_bucket{le="+Inf"} 1\nh_count 1\nh_sum 2\n# TYPE g gaugehistogram\ng_bucket{le="+Inf"} 1\ng_gcount 1\ng_gsum 2\n# TYPE q gauge\nq 3\n# EOF\n',
    );
    const shape = [...page.families.values()].map(({ name, samples }) => [
      name,
      samples.map(({ role }) => role).join(),
    ]);
    expect(shape).toEqual([
      ['a_total', 'plain'],
      ['b_total', 'plain'],
      ['t_info', 'plain'],
      ['h', 'bucket,count,sum'],
      ['g', 'bucket,count,sum'],
      ['q', 'plain'],
    ]);
  });

  test('timestamps are seconds, exemplars are left out', () => {
    const page = parse(
      '# TYPE a counter\na_total{x="#"} 1 1700000000.5 # {trace_id="a}b"} 0.5 1700000000.1\n# EOF\n',
    );
    expect(page.families.get('a_total')?.samples[0]).toMatchObject({
      value: 1,
      timestampMs: 1_700_000_000_500,
    });
  });

  test('_created is the start, the earliest of all, and never a sample', () => {
    const page = parse(
      '# TYPE a counter\na_total 1\na_created 1.7e9\n# TYPE h summary\nh_count 1\nh_sum 1\nh_created 1.6e9\n# EOF\n',
    );
    expect(page.createdSeconds).toBe(1.6e9);
    expect([...page.families.values()].flatMap(({ samples }) => samples.map(({ name }) => name))).toEqual([
      'a_total',
      'h_count',
      'h_sum',
    ]);
  });

  test.each([
    ['without # EOF', '# TYPE a counter\na_total 1\n'],
    ['cut in a number', '# TYPE a counter\na_total 1'],
    ['empty', ''],
    ['with something after # EOF', 'a 1\n# EOF\nb 2\n'],
    ['with a broken line', 'a one\n# EOF\n'],
    ['with a broken exemplar', 'a 1 # {x="1"}\n# EOF\n'],
    ['with a timestamp that is none', 'a 1 soon\n# EOF\n'],
  ])('a page %s is refused', (_name, text) => {
    expect(() => parse(text)).toThrow(ExpositionError);
  });
});
