import 'server-only';

/** How much a response counter tells: exact codes, only classes such as 4xx, or nothing that looks like HTTP. */
export type StatusDetail = 'exact' | 'class' | 'none';

/** `429` and `4xx` as they come (`429.0` and `4XX` tidied); anything else is `other`, so that it still adds up. */
export function normaliseStatus(text: string): string {
  const trimmed = text.trim();
  const exact = /^([1-5]\d\d)(?:\.0+)?$/.exec(trimmed);
  if (exact?.[1] !== undefined) return exact[1];
  return /^[1-5]xx$/i.test(trimmed) ? trimmed.toLowerCase() : 'other';
}

/** The best that these status values tell. */
export function statusDetail(values: Iterable<string>): StatusDetail {
  let detail: StatusDetail = 'none';
  for (const value of values) {
    const status = normaliseStatus(value);
    if (/^\d/.test(status) && !status.endsWith('xx')) return 'exact';
    if (status.endsWith('xx')) detail = 'class';
  }
  return detail;
}

/** What makes a library export exact codes, in its own words; null when it is not known which library it is. */
export function exactStatusFix(library: string): string | null {
  switch (library) {
    case 'prometheus-fastapi-instrumentator':
      return 'set should_group_status_codes=False in Instrumentator(…)';
    case 'fastify-metrics':
      return 'set routeMetrics.groupStatusCodes to false in fastify-metrics';
    case 'express-prom-bundle':
      return 'take formatStatusCode out of the options of express-prom-bundle';
    default:
      return null;
  }
}
