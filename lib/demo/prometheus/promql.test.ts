import { describe, expect, it } from 'vitest';
import { compileQuery, QueryError, type WorldSeries } from './promql.ts';

const series: WorldSeries[] = [
  { labels: { __name__: 'up', job: 'a', instance: 'x' }, value: 1, atMs: 5_000 },
  { labels: { __name__: 'hits', job: 'a', instance: 'x', cmd: 'get' }, value: 3 },
  { labels: { __name__: 'hits', job: 'a', instance: 'y', cmd: 'get' }, value: 4 },
  { labels: { __name__: 'hits', job: 'b', instance: 'x', cmd: 'set' }, value: 5 },
];
const ask = (query: string) => compileQuery(query)(series, 9_000).map(({ labels, value }) => [labels, value]);

describe('the small PromQL of the demo', () => {
  it('selects by name and by matchers, anchored as in the real one', () => {
    expect(ask('hits{cmd="get",instance!="x"}').map(([, value]) => value)).toEqual([4]);
    expect(ask('{__name__=~"hit|up"}').map(([, value]) => value)).toEqual([1]);
    expect(ask('hits{job!~"a|c"}').map(([, value]) => value)).toEqual([5]);
    expect(ask('hits{nothing=~"|z",job="b"}').map(([, value]) => value)).toEqual([5]);
  });

  it('adds up by labels and keeps the name where it is asked for', () => {
    expect(ask('sum by (__name__, cmd) (hits)')).toEqual([
      [{ __name__: 'hits', cmd: 'get' }, 7],
      [{ __name__: 'hits', cmd: 'set' }, 5],
    ]);
    expect(ask('max by (nothing) (hits)')).toEqual([[{}, 5]]);
    expect(ask('count by (job) (hits)')).toEqual([
      [{ job: 'a' }, 2],
      [{ job: 'b' }, 1],
    ]);
  });

  it('gives the time of the scrape, and not of the question', () => {
    expect(ask('max by (job) (timestamp(up))')).toEqual([[{ job: 'a' }, 5]]);
  });

  it('loses in `or` what has the labels of another name, as the real one does', () => {
    expect(ask('max by (__name__, job) (up) or sum by (__name__, job) (hits)')).toEqual([
      [{ __name__: 'up', job: 'a' }, 1],
      [{ __name__: 'hits', job: 'b' }, 5],
    ]);
    expect(ask('label_replace(up, "p", "0", "", "") or label_replace(hits, "p", "1", "", "")')).toHaveLength(
      4,
    );
  });

  it.each(['', 'sum by (', 'rate(hits[5m])', 'hits{cmd="get"', 'hits hits', 'a + b'])(
    'refuses %j as an error of the query',
    (query) => {
      expect(() => compileQuery(query)).toThrow(QueryError);
    },
  );
});
