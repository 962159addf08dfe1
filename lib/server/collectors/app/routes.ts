import 'server-only';
import type { Sample } from '@/lib/core/model/sample.ts';
import { cleanText } from './clean-text.ts';
import type { Exposition } from './exposition.ts';
import { labelOf, samplesOf } from './find-samples.ts';
import type { Binding } from './mapping.ts';
import { STATUS_LABELS } from './presets.ts';
import { normaliseStatus } from './status-label.ts';

/** Routes of one machine that are kept; two series each. */
export const MOST_ROUTES = 20;
const MAX_ROUTE_CHARS = 80;
/** OpenTelemetry, Express and Fastify, FastAPI, Micrometer, Django, Flask, and what people write by hand. */
const ROUTE_LABELS = [
  'http_route',
  'route',
  'handler',
  'path_template',
  'uri',
  'view',
  'url_rule',
  'endpoint',
  'path',
] as const;

interface Counted {
  limited: number;
  rest: number;
}

/**
 * Remembers which routes of a machine are kept, for the life of a session: a counter that means another set of routes at
 * each visit would burst and fall. Free places go to new routes as they come.
 */
export class RouteMemory {
  readonly #kept = new Set<string>();

  /**
   * Responses by route, those with 429 apart, from the counter that gives them by status. Nothing where statuses are not
   * exact, no route is named, or a number is none: a part of a route would look like a fall.
   */
  read(exposition: Exposition, bindings: readonly Binding[]): Sample[] {
    const binding = bindings.find(({ metric }) => metric === 'http_responses_total');
    if (binding === undefined || binding.statusDetail !== 'exact') return [];
    const counted = countByRoute(exposition, binding);
    if (counted === null) return [];
    const byCount = [...counted].sort(([, a], [, b]) => b.limited - a.limited || b.rest - a.rest);
    for (const [route] of byCount) if (this.#kept.size < MOST_ROUTES) this.#kept.add(route);
    return [...counted].flatMap(([route, { limited, rest }]): Sample[] => {
      if (!this.#kept.has(route)) return [];
      const of = (status: string, value: number): Sample => ({
        metric: 'http_route_responses_total',
        labels: { route, status },
        value,
      });
      // The 0 is said, so that the first 429 of a route counts.
      return [of('429', limited), of('rest', rest)];
    });
  }
}

/** Null where a number cannot be used. */
function countByRoute(exposition: Exposition, { sources }: Binding): Map<string, Counted> | null {
  const counted = new Map<string, Counted>();
  for (const source of sources) {
    const statusLabels = source.labels.status ?? STATUS_LABELS;
    if (typeof statusLabels === 'string') continue;
    for (const sample of samplesOf(exposition, source)) {
      const route = cleanText(labelOf(sample, ROUTE_LABELS) ?? '', MAX_ROUTE_CHARS);
      if (route === '') continue;
      if (!Number.isFinite(sample.value) || sample.value < 0) return null;
      const own = counted.get(route) ?? { limited: 0, rest: 0 };
      counted.set(route, own);
      const isLimited = normaliseStatus(labelOf(sample, statusLabels) ?? '') === '429';
      own[isLimited ? 'limited' : 'rest'] += sample.value;
    }
  }
  return counted;
}
