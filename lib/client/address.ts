import { CHART_SCALES, type ChartScale } from '@/lib/core/chart/scale.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import type { NowView } from '@/lib/core/model/view.ts';
import type { NamedRange } from '@/lib/core/time/named-range.ts';
import { COMPARISONS, type Comparison, type PageWindow } from '@/lib/core/time/page-window.ts';
import { DEFAULT_RANGE, readWindow, writeInstant } from './address-window.ts';
import { quoteAsked } from './quote-asked.ts';

/** Everything that the Now page's address says; what is not in it is not shared by a link. */
export interface NowAddress {
  scope: Scope;
  window: PageWindow;
  comparison: Comparison | null;
  /** Times in the viewer's own zone instead of UTC. */
  isLocal: boolean;
  scale: ChartScale;
  /** All charts as tables. */
  asTable: boolean;
  /** Deploys are marked on the charts. */
  hasMarks: boolean;
}

/** The parameters that the page reads. */
export const ADDRESS_PARAMS = [
  'app',
  'env',
  'range',
  'from',
  'to',
  'compare',
  'tz',
  'scale',
  'view',
  'marks',
] as const;
export type AddressParam = (typeof ADDRESS_PARAMS)[number];

/** The parameters as they were written; null when absent. */
export type AskedParams = Readonly<Record<AddressParam, string | null>>;

/** What an address shows, and what of it could not be shown as asked: one sentence each. */
export interface ReadAddress {
  address: NowAddress;
  remarks: readonly string[];
}

/** The parameters of an address, as `read` finds them. */
export function askedParams(read: (name: AddressParam) => string | null): AskedParams {
  const asked = Object.fromEntries(ADDRESS_PARAMS.map((name) => [name, read(name)]));
  // fromEntries forgets which keys there are.
  return asked as Record<AddressParam, string | null>;
}

/**
 * What an address shows, given the scopes that exist. `fallback` stands where no scope fits, `nowMs` bounds a fixed
 * window. Never throws: what cannot be shown falls back to its default and leaves a remark.
 */
export function readAddress(
  asked: AskedParams,
  scopes: readonly Scope[],
  fallback: Scope,
  nowMs: number,
): ReadAddress {
  const remarks: string[] = [];
  const found = readWindow(asked, nowMs);
  remarks.push(...found.remarks);
  const scope = findScope(asked, scopes);
  const shown = scope ?? scopes[0] ?? fallback;
  if (scope === undefined && (asked.app !== null || asked.env !== null)) {
    const name = [asked.app, asked.env].filter((part) => part !== null).join(' · ');
    remarks.push(`${quoteAsked(name)} is not watched here; shown: ${shown.app} · ${shown.environment}.`);
  }
  const choose = <T extends string>(
    name: AddressParam,
    choices: readonly T[],
    otherwise: string,
  ): T | null => {
    const value = asked[name];
    const chosen = choices.find((choice) => choice === value) ?? null;
    if (value !== null && chosen === null) remarks.push(`${quoteAsked(value)} is ${otherwise}.`);
    return chosen;
  };
  const address: NowAddress = {
    scope: { app: shown.app, environment: shown.environment },
    window: found.window,
    comparison: choose('compare', COMPARISONS, 'no comparison here; shown: without one'),
    isLocal: choose('tz', ['local', 'utc'], 'no time zone here; shown: UTC') === 'local',
    scale: choose('scale', CHART_SCALES, 'no scale here; shown: level') ?? 'level',
    asTable: choose('view', ['table', 'chart'], 'no view here; shown: charts') === 'table',
    hasMarks: choose('marks', ['on', 'off'], 'neither on nor off; shown: deploy marks') !== 'off',
  };
  return { address, remarks };
}

function findScope(asked: AskedParams, scopes: readonly Scope[]): Scope | undefined {
  return scopes.find(
    ({ app, environment }) =>
      (asked.app === null || asked.app === app) && (asked.env === null || asked.env === environment),
  );
}

/** The address as a link. What is the default is left out, so that links stay short. */
export function addressHref(address: NowAddress, scopes: readonly Scope[]): string {
  const params = new URLSearchParams();
  const { scope, window } = address;
  const [first] = scopes;
  if (first === undefined || first.app !== scope.app || first.environment !== scope.environment) {
    params.set('app', scope.app);
    params.set('env', scope.environment);
  }
  if (window.name !== DEFAULT_RANGE) params.set('range', window.name);
  if (window.kind === 'fixed') {
    params.set('from', writeInstant(window.startMs));
    params.set('to', writeInstant(window.endMs));
  }
  if (address.comparison !== null) params.set('compare', address.comparison);
  if (address.isLocal) params.set('tz', 'local');
  if (address.scale !== 'level') params.set('scale', address.scale);
  if (address.asTable) params.set('view', 'table');
  if (!address.hasMarks) params.set('marks', 'off');
  // A colon needs no escape in a query, and times are read by people.
  const query = params.toString().replaceAll('%3A', ':');
  return query === '' ? '/' : `/?${query}`;
}

/** The plain address of a view: nothing chosen but what the view itself shows. */
export function addressOf(view: Pick<NowView, 'scope' | 'window' | 'comparison'>): NowAddress {
  const { scope, window, comparison } = view;
  return { scope, window, comparison, isLocal: false, scale: 'level', asTable: false, hasMarks: true };
}

/**
 * What somebody did, as the way from one address to the next. Not the next address itself: two keys in a row must both
 * count, also when the page has not been drawn again in between.
 */
export type AddressChange = (now: NowAddress) => NowAddress;

/** Sets some parts, whatever they are now. */
export function set(parts: Partial<NowAddress>): AddressChange {
  return (now) => ({ ...now, ...parts });
}

/** Over the last `name`, following the clock. */
export function setRange(name: NamedRange): AddressChange {
  return set({ window: { kind: 'live', name } });
}
