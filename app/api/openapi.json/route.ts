import { z } from 'zod';
import { describeApi } from '@/lib/server/http/openapi.ts';
import { guardedRoute } from '@/lib/server/http/route-guard.ts';

/** Every route as OpenAPI 3.1, from the schemas by which requests are judged. */
export const GET = guardedRoute(z.object({}), { access: 'reader' }, () => describeApi());
