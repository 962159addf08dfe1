import { REDIS } from './names.ts';
import type { Sense } from './sense.ts';

const COST = [
  'cost',
  'bill',
  'spend',
  'spending',
  'invoice',
  'price',
  'saving',
  'coste',
  'costo',
  'factura',
  'gasto',
  'ahorro',
];

/** How people name what it costs. */
export const moneySenses: readonly Sense[] = [
  {
    metric: 'redis_commands_cost_usd_per_day',
    all: [[...REDIS, 'command', 'comando']],
    not: ['storage', 'bandwidth', 'database'],
    families: ['money'],
    confidence: 0.7,
  },
  {
    metric: 'redis_commands_cost_usd_per_day',
    all: [[...REDIS], COST],
    not: ['storage', 'bandwidth', 'database'],
    families: ['money'],
    confidence: 0.75,
  },
  {
    metric: 'upstash_commands_cost_usd_per_day',
    all: [['upstash'], COST],
    not: ['storage', 'bandwidth', 'database'],
    families: ['money'],
    confidence: 0.78,
  },
  {
    metric: 'neon_compute_cost_usd_per_day',
    all: [
      ['neon', 'neondb'],
      [...COST, 'compute'],
    ],
    not: ['storage', 'transfer', 'egress'],
    families: ['money'],
    confidence: 0.7,
  },
];
