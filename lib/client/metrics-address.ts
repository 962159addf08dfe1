import type { Scope } from '@/lib/core/model/target.ts';
import { METRICS_SORTS, type MetricsSort } from '@/lib/core/reconcile/sort-rows.ts';
import {
  type AddressChange,
  type AskedParams,
  addressHref,
  type NowAddress,
  readAddress,
} from './address.ts';
import { quoteAsked } from './quote-asked.ts';

/** Everything that the metrics page's address says: as on the Now page, and how its tables are read. */
export interface MetricsAddress extends NowAddress {
  /** Divided by HTTP responses in place of by time. */
  perRequest: boolean;
  sort: MetricsSort;
}

export const METRICS_PARAMS = ['per', 'sort'] as const;
export type MetricsParam = (typeof METRICS_PARAMS)[number];
export type AskedMetrics = AskedParams & Readonly<Record<MetricsParam, string | null>>;
export type MetricsChange = (now: MetricsAddress) => MetricsAddress;

export interface ReadMetricsAddress {
  address: MetricsAddress;
  remarks: readonly string[];
}

const PATH = '/metrics-explorer';

/** What an address shows; never throws, what cannot be shown leaves a remark. As `readAddress`. */
export function readMetricsAddress(
  asked: AskedMetrics,
  scopes: readonly Scope[],
  fallback: Scope,
  nowMs: number,
): ReadMetricsAddress {
  const { address, remarks } = readAddress(asked, scopes, fallback, nowMs);
  const sort = METRICS_SORTS.find((choice) => choice === asked.sort) ?? null;
  const more = [
    ...(asked.sort !== null && sort === null
      ? [`${quoteAsked(asked.sort)} is no order here; shown: by share.`]
      : []),
    ...(asked.per !== null && asked.per !== 'request'
      ? [`${quoteAsked(asked.per)} is nothing to divide by here; shown: by time.`]
      : []),
  ];
  return {
    address: { ...address, perRequest: asked.per === 'request', sort: sort ?? 'share' },
    remarks: [...remarks, ...more],
  };
}

/** The address as a link; defaults are left out. */
export function metricsHref(address: MetricsAddress, scopes: readonly Scope[]): string {
  const base = addressHref(address, scopes);
  const own = [
    ...(address.perRequest ? ['per=request'] : []),
    ...(address.sort === 'share' ? [] : [`sort=${address.sort}`]),
  ];
  const query = [base.slice(base.indexOf('?') + 1), ...own]
    .filter((part) => part !== '' && part !== '/')
    .join('&');
  return query === '' ? PATH : `${PATH}?${query}`;
}

/** A change of what both pages share, as one of this page. */
export function onMetrics(change: AddressChange): MetricsChange {
  return (now) => ({ ...now, ...change(now) });
}
