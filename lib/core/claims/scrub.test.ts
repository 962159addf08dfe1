import { describe, expect, it } from 'vitest';
import { scrubSecrets } from './scrub.ts';

describe('scrubSecrets', () => {
  it.each([
    ['user and password in a URL', 'postgres://app:s3cr3tPass@db.example/main', 's3cr3tPass'],
    ['a password as an argument', 'redis-cli -h cache -a hunter2hunter2 ping', 'hunter2hunter2'],
    ['a key by its beginning', 'uses ghp_16C7e42F292c6912E7710c838347Ae178B4a now', '16C7e42F'],
    ['a name with its value', '**API Key**: k9x82hd71ka', 'k9x82hd71ka'],
    ['an assignment', 'UPSTASH_REDIS_REST_TOKEN=AXyzASQgNTk', 'AXyzASQgNTk'],
    ['a bearer token', 'Authorization: Bearer abc123def456ghi789', 'abc123def456ghi789'],
    ['a long random word', 'cookie q8Zr2Lw9Tb4Xk7Vn1Mp5Yd3Hs6 was set', 'q8Zr2Lw9Tb4Xk7Vn1Mp5Yd3Hs6'],
    ['a JSON web token', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N', 'dozjgNryP4J3'],
  ])('takes out %s', (_name, text, secret) => {
    const { text: clean, count } = scrubSecrets(text);
    expect(clean).not.toContain(secret);
    expect(count).toBe(1);
  });

  it.each([
    'fly deploy -a harbor --image registry.example/harbor:v12',
    'commit 4b825dc642cb6eb9a060e54bf8d69288fbee4904',
    'Tokens: 12,000/day, password reset latency: 120ms',
    'secret: updated, API_TOKEN=$API_TOKEN, token=<your-token>',
    'ReservationReminderWorkerPolling in test_nightly_partner_export.py',
    'http://localhost:3000/health and redis://cache:6379',
  ])('leaves alone: %s', (text) => {
    expect(scrubSecrets(text)).toEqual({ text, count: 0 });
  });

  it('keeps the lines of a private key', () => {
    const text = 'a\n-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\nb';
    expect(scrubSecrets(text).text.split('\n')).toHaveLength(5);
  });
});
