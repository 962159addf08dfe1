import { describe, expect, it } from 'vitest';
import { discoverMapping } from './mapping.ts';
import { parsePrometheusText } from './prometheus-text.ts';
import { MOST_ROUTES, RouteMemory } from './routes.ts';

function read(memory: RouteMemory, text: string) {
  const page = parsePrometheusText(text, 10_000);
  return memory.read(page, discoverMapping(page, []).bindings);
}
const line = (route: string, status: string, value: number | string) =>
  `http_requests_total{method="GET",route="${route}",status_code="${status}"} ${value}\n`;
const valuesOf = (samples: ReturnType<typeof read>) =>
  Object.fromEntries(samples.map(({ labels, value }) => [`${labels.route} ${labels.status}`, value]));

describe('responses by route', () => {
  it('adds methods and statuses up, and says 0 for a route that has turned nobody away', () => {
    const text = `${line('/a', '200', 5)}${line('/a', '404', 2)}${line('/a', '429', 3)}${line('/b', '200', 7)}`;
    expect(valuesOf(read(new RouteMemory(), text))).toEqual({
      '/a 429': 3,
      '/a rest': 7,
      '/b 429': 0,
      '/b rest': 7,
    });
  });

  it('keeps the routes with most 429s at first sight, and the same ones from then on', () => {
    const memory = new RouteMemory();
    const routes = Array.from({ length: MOST_ROUTES + 5 }, (_, i) => `/r${i}`);
    const first = routes.map((route, i) => line(route, '200', 10 + i) + line(route, '429', i)).join('');
    const kept = new Set(read(memory, first).map(({ labels }) => labels.route));
    expect(kept.size).toBe(MOST_ROUTES);
    expect(kept.has('/r24')).toBe(true);
    expect(kept.has('/r0')).toBe(false);
    const later = routes.map((route, i) => line(route, '429', 1_000 - i)).join('');
    expect(new Set(read(memory, later).map(({ labels }) => labels.route))).toEqual(kept);
  });

  it('gives free places to routes as they come', () => {
    const memory = new RouteMemory();
    read(memory, line('/a', '200', 5));
    const later = read(memory, line('/b', '429', 1) + line('/a', '200', 6));
    expect(new Set(later.map(({ labels }) => labels.route))).toEqual(new Set(['/a', '/b']));
  });

  it('is nothing where only classes are told, no route is named, or a number is none', () => {
    expect(read(new RouteMemory(), line('/a', '4xx', 5))).toEqual([]);
    expect(read(new RouteMemory(), 'http_requests_total{status_code="200"} 5\n')).toEqual([]);
    expect(read(new RouteMemory(), line('/a', '200', 'NaN') + line('/b', '200', 1))).toEqual([]);
  });
});
