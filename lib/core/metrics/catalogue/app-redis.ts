import { counter, gauge, type MetricEntry } from './entry.ts';

/** What an app says of its own use of Redis. */
export const appRedisMetrics = {
  app_redis_commands_total: counter({
    unit: 'commands',
    good: 'neutral',
    source: 'the app’s own counter of the Redis commands that it sent',
    help: 'Redis commands that the app sent, by command in lower case and, where the app says it, by component.',
    labels: ['cmd', 'component'],
    absentIsZero: true,
  }),
  app_redis_suspended: gauge({
    unit: 'state',
    good: 'neutral',
    source: 'the app’s own flag, as its process parsed it',
    help: '1 when the app runs with Redis switched off, 0 when it uses Redis.',
  }),
  app_redis_suspend_asked: gauge({
    unit: 'state',
    good: 'neutral',
    source: 'the app’s own gauge: whether its setting to suspend Redis holds anything but a plain no',
    help: '1 when the settings ask to run without Redis, whatever the process made of them. With app_redis_suspended at 0 the wish was misread.',
  }),
  app_redis_connects_total: counter({
    unit: 'connections',
    good: 'neutral',
    source: 'the app’s own counter of its Redis client’s attempts',
    help: 'Attempts of the app to connect to Redis by result: ok or failed. Refused attempts can count towards a quota too.',
    labels: ['result'],
    absentIsZero: true,
  }),
} satisfies Record<string, MetricEntry>;
