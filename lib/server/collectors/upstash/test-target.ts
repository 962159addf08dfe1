import { readFileSync } from 'node:fs';
import { Secret } from '@/lib/server/config/secret.ts';
import type { UpstashTarget } from '@/lib/server/config/types.ts';

/** A target of these tests; nothing of it is real. */
export function database(given: Partial<UpstashTarget> = {}): UpstashTarget {
  return {
    app: 'harbor',
    environment: 'production',
    kind: 'upstash',
    name: 'main-cache',
    apiUrl: 'http://127.0.0.1:1/v2',
    address: '127.0.0.1:1',
    email: 'owner@harbor.example',
    apiKey: new Secret('k3y-of-the-account'),
    database: null,
    intervalSeconds: null,
    timeoutSeconds: null,
    ...given,
  };
}

/** A recorded answer as text. */
export function recorded(file: string): string {
  return readFileSync(new URL(`recorded/${file}`, import.meta.url), 'utf8');
}
