import { counter, gauge, type MetricEntry } from './entry.ts';

export const redisMetrics = {
  redis_up: gauge({
    unit: 'state',
    good: 'up',
    standard: 'redis_up',
    source: 'every scrape',
    help: '1 when the last visit to Redis gave an INFO reply, else 0.',
  }),
  redis_commands_total: counter({
    unit: 'commands',
    good: 'neutral',
    standard: 'redis_commands_total',
    source: 'INFO commandstats cmdstat_*.calls',
    help: 'Commands executed, by command.',
    labels: ['cmd'],
    absentIsZero: true,
  }),
} satisfies Record<string, MetricEntry>;
