import type { Scope } from '@/lib/core/model/target.ts';
import { NAMED_RANGES, type NamedRange } from '@/lib/core/time/named-range.ts';

/** Shown when the address names none. */
export const DEFAULT_RANGE: NamedRange = '1h';

/** What the Now page shows. */
export interface NowAddress {
  range: NamedRange;
  scope: Scope;
}

/** The parts of an address that the page reads, as they were written; null when absent. */
export interface AskedParams {
  range: string | null;
  app: string | null;
  env: string | null;
}

/** The range that was asked for; the default when none or an unknown one was. */
export function chooseRange(asked: string | null): NamedRange {
  return NAMED_RANGES.find((range) => range === asked) ?? DEFAULT_RANGE;
}

function findScope(asked: AskedParams, scopes: readonly Scope[]): Scope | undefined {
  return scopes.find(
    ({ app, environment }) =>
      (asked.app === null || asked.app === app) && (asked.env === null || asked.env === environment),
  );
}

/** What an address shows, given the scopes that exist. `fallback` stands where no scope fits. */
export function readNowAddress(asked: AskedParams, scopes: readonly Scope[], fallback: Scope): NowAddress {
  return { range: chooseRange(asked.range), scope: findScope(asked, scopes) ?? scopes[0] ?? fallback };
}

/** What could not be shown as asked, one sentence each; a wrong link says so instead of showing something else silently. */
export function addressRemarks(asked: AskedParams, shown: NowAddress, scopes: readonly Scope[]): string[] {
  const remarks: string[] = [];
  if (asked.range !== null && asked.range !== shown.range) {
    remarks.push(`“${short(asked.range)}” is no time range here; shown: the last ${shown.range}.`);
  }
  if ((asked.app !== null || asked.env !== null) && findScope(asked, scopes) === undefined) {
    const name = [asked.app, asked.env].filter((part) => part !== null).join(' · ');
    remarks.push(
      `“${short(name)}” is not watched here; shown: ${shown.scope.app} · ${shown.scope.environment}.`,
    );
  }
  return remarks;
}

function short(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

/** The address of a Now page; what is the default is left out, so that addresses stay short. */
export function nowHref({ range, scope }: NowAddress, scopes: readonly Scope[]): string {
  const params = new URLSearchParams();
  if (range !== DEFAULT_RANGE) params.set('range', range);
  const [first] = scopes;
  if (first === undefined || first.app !== scope.app || first.environment !== scope.environment) {
    params.set('app', scope.app);
    params.set('env', scope.environment);
  }
  const query = params.toString();
  return query === '' ? '/' : `/?${query}`;
}
