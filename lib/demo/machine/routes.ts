/** Of 40 responses with a status, how many a route gives; the rest are of all routes together. */
const PARTS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  '200': {
    '/api/feed': 12,
    '/api/schedule': 9,
    '/api/bookings/:id': 8,
    '/api/search': 5,
    '/api/session': 4,
    '/api/webhooks/:source': 2,
  },
  '201': { '/api/bookings': 27, '/api/webhooks/:source': 13 },
  '404': { '/api/bookings/:id': 31, '/api/schedule': 9 },
  '429': { '/api/search': 22, '/api/feed': 11, '/api/webhooks/:source': 7 },
};
const ROUND = 40;
const OTHER = '/api/session';

/** Each response of a round by its route, mixed so that no route comes in a row. */
const ROUNDS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(PARTS).map(([status, parts]) => [status, mixed(parts)]),
);

function mixed(parts: Readonly<Record<string, number>>): string[] {
  const order = Object.entries(parts).flatMap(([route, n]) =>
    Array.from({ length: n }, (_, i) => ({ route, at: (i + 0.5) / n })),
  );
  return order.sort((a, b) => a.at - b.at).map(({ route }) => route);
}

/** Responses with a status by route. Each part only rises with `count`, and all parts add up to it. */
export function routeCounts(status: string, count: number): Record<string, number> {
  const round = ROUNDS.get(status);
  if (round === undefined) return count > 0 ? { [OTHER]: count } : {};
  const counts: Record<string, number> = {};
  const add = (route: string, n: number) => {
    if (n > 0) counts[route] = (counts[route] ?? 0) + n;
  };
  const whole = Math.floor(count / ROUND);
  for (const route of round) add(route, whole);
  for (const route of round.slice(0, count % ROUND)) add(route, 1);
  return counts;
}
