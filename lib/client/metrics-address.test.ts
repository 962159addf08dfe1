import { describe, expect, it } from 'vitest';
import { askedParams, setRange } from './address.ts';
import { type AskedMetrics, metricsHref, onMetrics, readMetricsAddress } from './metrics-address.ts';

const scopes = [{ app: 'harbor', environment: 'production' }];
const fallback = { app: 'harbor', environment: 'production' };
const asked = (query: string): AskedMetrics => {
  const params = new URLSearchParams(query);
  return { ...askedParams((name) => params.get(name)), per: params.get('per'), sort: params.get('sort') };
};
const read = (query: string) => readMetricsAddress(asked(query), scopes, fallback, Number.POSITIVE_INFINITY);

describe('the address of the metrics page', () => {
  it.each([
    '',
    'per=request',
    'sort=name',
    'range=6h&compare=day&per=request&sort=change',
    'range=15m&from=2026-04-09T17:00:00Z&to=2026-04-09T17:20:00Z&view=table',
  ])('%s comes back from its own link', (query) => {
    const { address, remarks } = read(query);
    const href = metricsHref(address, scopes);
    expect(remarks).toEqual([]);
    expect(href.startsWith('/metrics-explorer')).toBe(true);
    expect(read(href.split('?')[1] ?? '').address).toEqual(address);
  });

  it('says what could not be shown as asked', () => {
    const { address, remarks } = read('per=cow&sort=size');
    expect(address).toMatchObject({ perRequest: false, sort: 'share' });
    expect(remarks).toHaveLength(2);
  });

  it('keeps how tables are read when the time changes', () => {
    const { address } = read('per=request&sort=name');
    expect(onMetrics(setRange('24h'))(address)).toMatchObject({
      perRequest: true,
      sort: 'name',
      window: { kind: 'live', name: '24h' },
    });
  });
});
