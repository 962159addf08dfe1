import 'server-only';
import type { ScopedTarget } from './read.ts';

/** A target for tests. */
export function engine(given: Partial<ScopedTarget> & Pick<ScopedTarget, 'apiUrl'>): ScopedTarget {
  return {
    app: 'shop',
    environment: 'production',
    kind: 'prometheus',
    name: 'main',
    address: '127.0.0.1:9090',
    bearer: null,
    basic: null,
    queries: [],
    match: null,
    intervalSeconds: null,
    timeoutSeconds: null,
    ...given,
  };
}
