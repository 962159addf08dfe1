import { describe, expect, test } from 'vitest';
import { type Exposition, ExpositionError, SeriesLimitError } from './exposition.ts';
import { parsePrometheusText } from './prometheus-text.ts';

const parse = (text: string, maxSeries = 1_000) => parsePrometheusText(text, maxSeries);

/** `name{a=b} value` of every sample, for short expectations. */
function flat(exposition: Exposition): string[] {
  return [...exposition.families.values()].flatMap(({ samples }) =>
    samples.map(({ name, labels, value }) => `${name}${JSON.stringify(labels)} ${value}`),
  );
}

describe('sample lines', () => {
  test.each([
    ['a 1', 'a{} 1'],
    ['  a\t 1e9  ', 'a{} 1000000000'],
    ['a:b_c1 -2.5', 'a:b_c1{} -2.5'],
    ['a{} .5', 'a{} 0.5'],
    ['a{x="1",} 5.', 'a{"x":"1"} 5'],
    ['a { x = "1" , y="2" } 3 1700000000000', 'a{"x":"1","y":"2"} 3'],
    ['a{x="}"} 1', 'a{"x":"}"} 1'],
    ['a{x="1,y=\\"2\\"#} 7"} 1', 'a{"x":"1,y=\\"2\\"#} 7"} 1'],
    ['a{x="back\\\\slash\\nline \\q"} 1', 'a{"x":"back\\\\slash\\nline \\\\q"} 1'],
    ['a{x=""} 1', 'a{"x":""} 1'],
    ['a{x="größe 🚀"} 1', 'a{"x":"größe 🚀"} 1'],
    ['{"my.dotted.metric","error.message"="x y"} 1', 'my.dotted.metric{"error.message":"x y"} 1'],
    ['a 1\r', 'a{} 1'],
    ['a{x="1"} 1 # {trace_id="t"} 0.5 1700000000.1', 'a{"x":"1"} 1'],
  ])('%j is read as %s', (line, expected) => {
    expect(flat(parse(`${line}\n`))).toEqual([expected]);
  });

  test.each([
    ['NaN', Number.NaN],
    ['nan', Number.NaN],
    ['+Inf', Infinity],
    ['-inf', -Infinity],
    ['Inf', Infinity],
    ['-Infinity', -Infinity],
    ['+7', 7],
    ['1E-3', 0.001],
  ])('the value %s is a number', (token, value) => {
    expect(parse(`a ${token}\n`).families.get('a')?.samples[0]?.value).toBe(value);
  });

  test.each([
    'a',
    'a ',
    'a one',
    'a 0x10',
    'a 1_000',
    'a 1,5',
    'a 1 2 3',
    'a 1 1.5',
    'a 1 soon',
    'a{x="1" 1',
    'a{x="1} 1',
    'a{x=1} 1',
    'a{x} 1',
    'a{"x"} 1',
    'a{x="1" y="2"} 1',
    'a{x="1",x="2"} 1',
    'a{1x="1"} 1',
    '1a 1',
    'ä 1',
    '{x="1"} 1',
    '{} 1',
    'a 1 # note',
    'a{x="1"}{y="2"} 1',
    '<html>',
    'GET / HTTP/1.1',
  ])('%j spoils the page: with a line lost, an absent series would mean nothing', (line) => {
    const page = `ok_total 1\n${line}\nok2_total 2\n`;
    expect(() => parse(page)).toThrow(ExpositionError);
    expect(() => parse(page)).toThrow(/^line 2: /);
  });

  test('a label name twice is found on any line, whatever stood on the lines before', () => {
    for (const lines of [
      'a{b="1"} 1\na{b="1",b="2"} 1',
      'a{c="1",b="2"} 1\na{b="1"} 1\na{b="1",b="2"} 1',
      'a{"b"="1",b="2"} 1',
      'a{b="1"} 1\na{b="1","b"="2"} 1',
    ]) {
      expect(() => parse(`${lines}\n`)).toThrow(/each label name once/);
    }
  });

  test('an error text holds nothing of the line', () => {
    expect(() => parse('token{value="s3cret" 1\n')).toThrow(/^(?!.*s3cret)/);
  });

  test('a label named __proto__ is a label and changes nothing else', () => {
    const sample = parse('a{__proto__="x",constructor="y"} 1\n').families.get('a')?.samples[0];
    expect(Object.entries(sample?.labels ?? {})).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  test('a neighbour with a longer or shorter value is not mistaken for the one before', () => {
    const page = parse(
      'ab{x="foo",yy="1"} 1\nab{x="foobar",yy="1"} 2\nab{x="fo",y="1"} 3\nabc{x="fo"} 4\na 5\n',
    );
    expect(flat(page)).toEqual([
      'ab{"x":"foo","yy":"1"} 1',
      'ab{"x":"foobar","yy":"1"} 2',
      'ab{"x":"fo","y":"1"} 3',
      'abc{"x":"fo"} 4',
      'a{} 5',
    ]);
  });

  test('timestamps are milliseconds and may be negative', () => {
    expect(parse('a 1 -5\n').families.get('a')?.samples[0]?.timestampMs).toBe(-5);
  });
});

describe('families', () => {
  test('histogram and summary parts belong to their family, before and after other families', () => {
    const page = parse(
      '# TYPE h histogram\nh_bucket{le="1"} 1\nh_bucket{le="+Inf"} 2\n# TYPE s summary\ns{quantile="0.9"} 3\ns_sum 4\ns_count 5\nh_sum 6\nh_count 2\n',
    );
    expect(page.families.get('h')?.samples.map(({ role }) => role)).toEqual([
      'bucket',
      'bucket',
      'sum',
      'count',
    ]);
    expect(page.families.get('s')?.samples.map(({ role }) => role)).toEqual(['plain', 'sum', 'count']);
  });

  test('without TYPE nothing is taken apart, and an unknown type is unknown', () => {
    const page = parse('x_count 1\n# TYPE y wonder\ny 2\n');
    expect(page.families.get('x_count')?.type).toBe('unknown');
    expect(page.families.get('y')?.type).toBe('unknown');
  });

  test('a declared family without samples is there, and empty', () => {
    expect(parse('# HELP a b\n# TYPE a counter\n').families.get('a')).toMatchObject({
      type: 'counter',
      samples: [],
    });
  });

  test('a unit before or after the type is kept; other comments are comments', () => {
    const page = parse('# UNIT a ms\n# TYPE a histogram\n# just a word\n#\n# TYPE\na_count 1\n');
    expect(page.families.get('a')).toMatchObject({ type: 'histogram', unit: 'ms' });
  });

  test('quoted names are declared as well', () => {
    expect(parse('# TYPE "my.metric" counter\n{"my.metric"} 1\n').families.get('my.metric')?.type).toBe(
      'counter',
    );
  });

  test('the same series twice: the last one counts, in any order of its labels', () => {
    const page = parse('a{x="1",y="2"} 1\nb 1\na{x="1",y="2"} 2\na{y="2",x="1"} 3\n');
    expect(flat(page)).toEqual(['a{"y":"2","x":"1"} 3', 'b{} 1']);
    expect(page.duplicates).toBe(2);
  });

  test('_created gauges of a counter are the start, not a measure; a gauge that is merely called so stays', () => {
    const page = parse(
      '# TYPE a_total counter\na_total 5\n# TYPE a_created gauge\na_created 1.7e+09\n# TYPE orders_created gauge\norders_created 12\n',
    );
    expect(page.createdSeconds).toBe(1.7e9);
    expect([...page.families.keys()]).toEqual(['a_total', 'orders_created']);
  });

  test('more series than allowed end the reading', () => {
    const many = Array.from({ length: 11 }, (_, i) => `a{x="${i}"} 1\n`).join('');
    expect(() => parse(many, 10)).toThrow(SeriesLimitError);
    expect(parse(many, 11).series).toBe(11);
  });

  test('an empty page has nothing', () => {
    expect(parse('\n \n')).toMatchObject({ series: 0, duplicates: 0, createdSeconds: null });
  });
});
