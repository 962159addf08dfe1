import { z } from 'zod';
import { badgeSvg } from '@/lib/core/badge/badge-svg.ts';
import { BADGE_HEADERS } from '@/lib/server/http/headers.ts';
import { guardedRoute } from '@/lib/server/http/route-guard.ts';
import { readBadge } from '@/lib/server/notify/read-badge.ts';
import { getRuntime } from '@/lib/server/runtime.ts';

/** How the watch of one app stands, as an SVG for whoever knows the address; 404, also as an SVG, for any other. */
export const GET = guardedRoute(z.object({}), { access: 'public' }, ({ params }) => {
  const content = readBadge(getRuntime(), typeof params.token === 'string' ? params.token : '');
  return new Response(badgeSvg(content), {
    status: content.kind === 'gone' ? 404 : 200,
    headers: [
      ['Content-Type', 'image/svg+xml; charset=utf-8'],
      ...BADGE_HEADERS.map(([name, value]): [string, string] => [name, value]),
    ],
  });
});
