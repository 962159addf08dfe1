import 'server-only';
import type { AppTarget } from '@/lib/server/config/types.ts';
import type { SafeResponse } from '@/lib/server/http/safe-fetch.ts';

/** A whole answer for tests; what matters to the test is given. */
export function answer(given: Partial<SafeResponse> = {}): SafeResponse {
  return {
    status: 200,
    headers: {},
    contentType: 'text/plain; version=0.0.4; charset=utf-8',
    text: '',
    bytes: 0,
    framed: true,
    dateHeaderMs: null,
    retryAfterMs: null,
    ...given,
  };
}

/** A machine for tests. */
export function machine(given: Partial<AppTarget> = {}): AppTarget {
  return {
    app: 'shop',
    environment: 'production',
    kind: 'app',
    name: 'web-1',
    group: 'web',
    metricsUrl: 'http://127.0.0.1:9/metrics',
    healthUrl: null,
    address: '127.0.0.1:9',
    bearer: null,
    mapping: [],
    intervalSeconds: null,
    timeoutSeconds: null,
    ...given,
  };
}
