import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHART_SCALES } from '@/lib/core/chart/scale.ts';
import { NAMED_RANGES } from '@/lib/core/time/named-range.ts';
import { COMPARISONS, LONGEST_WINDOW_MS, SHORTEST_WINDOW_MS } from '@/lib/core/time/page-window.ts';
import {
  ADDRESS_PARAMS,
  type AskedParams,
  addressHref,
  askedParams,
  type NowAddress,
  readAddress,
} from './address.ts';

const NOW_MS = Date.UTC(2026, 3, 9, 20, 40);
const production = { app: 'harbor', environment: 'production' };
const staging = { app: 'harbor', environment: 'staging' };
const odd = { app: 'a b&c=d', environment: 'ä/“ü”?#:%3A' };
const scopes = [production, staging, odd];

const HOME: NowAddress = {
  scope: production,
  window: { kind: 'live', name: '1h' },
  comparison: null,
  isLocal: false,
  scale: 'level',
  asTable: false,
  hasMarks: true,
};

function asked(query: string): AskedParams {
  const params = new URLSearchParams(query);
  return askedParams((name) => params.get(name));
}

const read = (query: string) => readAddress(asked(query), scopes, production, NOW_MS);

const anyWindow = fc.oneof(
  fc.record({ kind: fc.constant('live' as const), name: fc.constantFrom(...NAMED_RANGES) }),
  fc
    .record({
      name: fc.constantFrom(...NAMED_RANGES),
      endMs: fc.integer({ min: LONGEST_WINDOW_MS, max: NOW_MS }),
      lengthMs: fc.integer({ min: SHORTEST_WINDOW_MS, max: LONGEST_WINDOW_MS }),
    })
    .map(({ name, endMs, lengthMs }) => ({ kind: 'fixed' as const, name, startMs: endMs - lengthMs, endMs })),
);

const anyAddress: fc.Arbitrary<NowAddress> = fc.record({
  scope: fc.constantFrom(...scopes),
  window: anyWindow,
  comparison: fc.constantFrom(null, ...COMPARISONS),
  isLocal: fc.boolean(),
  scale: fc.constantFrom(...CHART_SCALES),
  asTable: fc.boolean(),
  hasMarks: fc.boolean(),
});

describe('the address of the Now page', () => {
  it('shows the first scope over the last hour, live, when it says nothing', () => {
    expect(read('')).toEqual({ address: HOME, remarks: [] });
    expect(addressHref(HOME, scopes)).toBe('/');
  });

  it('brings back whatever it was made from, with nothing to remark', () => {
    fc.assert(
      fc.property(anyAddress, (address) => {
        const { search } = new URL(addressHref(address, scopes), 'http://here');
        expect(read(search)).toEqual({ address, remarks: [] });
      }),
    );
  });

  it('never throws, and shows something that a link can hold, whatever is asked', () => {
    const anyText = fc.option(
      fc.oneof(fc.string(), fc.constantFrom('', '1h', '2026-04-09T20:00Z', '9999-12-31T23:59Z', '-1', 'day')),
    );
    const anyAsked = fc.record(
      Object.fromEntries(ADDRESS_PARAMS.map((name) => [name, anyText])) as Record<
        (typeof ADDRESS_PARAMS)[number],
        typeof anyText
      >,
    );
    fc.assert(
      fc.property(anyAsked, (params) => {
        const { address } = readAddress(params, scopes, production, NOW_MS);
        const { search } = new URL(addressHref(address, scopes), 'http://here');
        expect(read(search)).toEqual({ address, remarks: [] });
      }),
    );
  });

  it('keeps times readable and leaves out what is the default', () => {
    const startMs = Date.UTC(2026, 3, 9, 16, 0);
    const window = { kind: 'fixed' as const, name: '1h' as const, startMs, endMs: startMs + 61_000 };
    expect(addressHref({ ...HOME, window, scale: 'log' }, scopes)).toBe(
      '/?from=2026-04-09T16:00Z&to=2026-04-09T16:01:01Z&scale=log',
    );
  });
});

describe('an address that asks for what does not exist', () => {
  it.each([
    ['range=2x', ['“2x” is no time range here; shown: the last 1h.']],
    ['app=ghost', ['“ghost” is not watched here; shown: harbor · production.']],
    ['from=2026-04-09T20:00Z', ['A fixed time needs both from and to; shown: the last 1h.']],
    [
      'from=yesterday&to=2026-04-09T20:00Z&range=6h',
      ['“yesterday” is no instant such as 2026-04-09T16:00Z; shown: the last 6h.'],
    ],
    [
      'from=2026-04-31T20:00Z&to=2026-05-01T20:00Z',
      ['“2026-04-31T20:00Z” is no instant such as 2026-04-09T16:00Z; shown: the last 1h.'],
    ],
    [
      'from=2026-04-09T20:00Z&to=2026-04-09T19:00Z',
      ['The asked time ends before it begins; shown: the last 1h.'],
    ],
    [
      'from=2026-04-09T20:00:00Z&to=2026-04-09T20:00:59Z',
      ['The shortest time shown is a minute; shown: the last 1h.'],
    ],
    [
      'from=2026-01-01T00:00Z&to=2026-04-09T19:00Z',
      ['The longest time shown is 90 days; shown: the last 1h.'],
    ],
    ['from=2030-01-01T00:00Z&to=2030-01-02T00:00Z', ['The asked time has not come yet; shown: the last 1h.']],
    ['compare=year', ['“year” is no comparison here; shown: without one.']],
    ['tz=mars', ['“mars” is no time zone here; shown: UTC.']],
    ['scale=cubic', ['“cubic” is no scale here; shown: level.']],
    ['view=3d', ['“3d” is no view here; shown: charts.']],
  ])('%s falls back and says so', (query, remarks) => {
    const shown = read(query);
    expect(shown.remarks).toEqual(remarks);
    expect(shown.address).toMatchObject({ ...HOME, window: { kind: 'live' } });
  });

  it('shows the part of a window that has passed', () => {
    const shown = read('from=2026-04-09T20:00Z&to=2026-04-09T23:00Z');
    expect(shown.address.window).toMatchObject({ kind: 'fixed', endMs: NOW_MS });
    expect(shown.remarks).toEqual(['The asked time has not passed yet; shown: up to now.']);
  });

  it('does not cut a link of a clock that runs a little ahead', () => {
    const shown = read('from=2026-04-09T20:00Z&to=2026-04-09T20:40:30Z');
    expect(shown.address.window).toMatchObject({ endMs: NOW_MS + 30_000 });
    expect(shown.remarks).toEqual([]);
  });

  it('says where “now” leads when only the range behind a fixed window is unknown', () => {
    const shown = read('from=2026-04-09T20:00Z&to=2026-04-09T20:30Z&range=2x');
    expect(shown.address.window).toMatchObject({ kind: 'fixed', name: '1h' });
    expect(shown.remarks).toEqual(['“2x” is no time range here; “now” leads to the last 1h.']);
  });

  it('does not repeat a long wrong value at length', () => {
    for (const remark of read(`range=${'x'.repeat(500)}&app=${'y'.repeat(500)}`).remarks) {
      expect(remark.length).toBeLessThan(120);
    }
  });

  it('takes instants with another offset', () => {
    const shown = read('from=2026-04-09T22:00%2B02:00&to=2026-04-09T20:30Z');
    expect(shown.address.window).toMatchObject({ startMs: Date.UTC(2026, 3, 9, 20, 0) });
  });
});
