import { V1203_MS, V1205_MS, V1206_MS } from './story.ts';

/** What the made-up team wrote of a deploy that evening, as it would be sent. */
export interface DemoSummary {
  release: string;
  kind: 'code' | 'suspend';
  /** Unix ms of the first and the last machine. */
  time: number;
  end: number;
  summary: string;
}

const MINUTE_MS = 60_000;

/** The three summaries of the evening, oldest first; `startMs` is the start of the fleet. Their numbers do not all agree. */
export function demoSummaries(startMs: number): DemoSummary[] {
  const at = (ms: number) => startMs + ms;
  return [
    {
      release: 'v1203',
      kind: 'code',
      time: at(V1203_MS),
      end: at(V1203_MS + 164_000),
      summary: spike(at(V1203_MS)),
    },
    {
      release: 'v1205',
      kind: 'suspend',
      time: at(V1205_MS),
      end: at(V1205_MS + MINUTE_MS),
      summary: suspension(at(V1205_MS)),
    },
    { release: 'v1206', kind: 'code', time: at(V1206_MS), end: at(V1206_MS), summary: cause(at(V1206_MS)) },
  ];
}

/** `2026-04-09 17:54:52Z`. */
function stamp(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 19).replace('T', ' ').concat('Z');
}

function spike(atMs: number): string {
  return `# v1203: fewer Redis reads, less database work

**App**: harbor
**Version**: 1203
**Time**: ${stamp(atMs)}
**Machines**: 2 running

## What was deployed

1. The rate limiter counts in local memory and writes to Redis every 30 seconds
2. The slot worker asks every 300 s instead of every 60 s: 1,440 queries/day → 288 queries/day
3. Themes are cached in Redis with a 5-minute TTL
4. The pool is smaller
   - Reduced from 15 → 12 connections per machine
   - Total: 36 connections (was 45) for 3 machines

## Expected impact

### Redis operations

- **Before**: 733K GETs/hour (2.2M per 3 hours)
- **After**: ~24K GETs/hour (~72K per 3 hours)
- **Reduction**: **96.7%**

### Database queries

- **Before**: ~195,680 queries/day
- **After**: ~50,816 queries/day
- **Reduction**: **74.1%**

### Cost savings

- **Redis operations**: From ~$352/day to ~$11.52/day
- **Savings**: **$340.48/day ($10,230/month)**

## Next 24 hours

- [ ] Redis GETs drop from 733K/hour to ~24K/hour (Upstash console)
- [ ] API latency should improve
- [ ] 429 errors should not increase
- [ ] Rate limiting must still enforce limits

## Rollback

\`\`\`sh
fly deploy -a harbor --image <previous-image-id>
git revert HEAD
fly deploy -a harbor
\`\`\`

**Next review**: 24 hours
`;
}

function suspension(atMs: number): string {
  return `# Redis suspended

**Version**: 1205
**Date**: ${stamp(atMs)}

The 2.2M Redis GET requests/day do not fall, and failed connection attempts count toward the quota.

\`\`\`sh
fly secrets set SUSPEND_REDIS=true -a harbor
\`\`\`

## Expected impact

- **Before**: 2.2M Redis GET requests/day
- **After**: ~0 Redis GET requests/day (100% reduction)

## Watch for

- [ ] Redis GETs should stay at 0
- [ ] Error rate should not increase

Rate limits are counted per machine until Redis is used again.

## Rollback

\`\`\`sh
fly secrets set SUSPEND_REDIS=false -a harbor
fly deploy -a harbor
\`\`\`
`;
}

function cause(atMs: number): string {
  return `# v1206: the causes of the Redis reads

**Version**: 1206
**Time**: ${stamp(atMs)}

1. The quota check called the cache, which checked the quota: 50% reduction in quota-related GETs
2. The limiter asked Redis on every call; it keeps its state for 5 seconds now: 95% reduction in rate limiter GETs
3. The circuit breaker asked Redis on every call; it keeps its state for 10 seconds now: 90% reduction in circuit breaker GETs

## Expected impact

- **Before**: 2,200,000 GET requests/day
- **After**: ~110,000 GET requests/day
- **Reduction**: 95% (saves ~2,090,000 GETs/day)

## Verify

- [ ] One machine first, for 15–30 minutes, then all
- [ ] GETs fall from 1,525/min to ~76/min
- [ ] No spike for 24 hours

## Rollback

\`\`\`sh
fly secrets set SUSPEND_REDIS=true -a harbor
\`\`\`

**Next review**: 24 hours
`;
}
