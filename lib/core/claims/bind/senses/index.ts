import { databaseSenses } from './database.ts';
import { httpSenses } from './http.ts';
import { machinesSenses } from './machines.ts';
import { moneySenses } from './money.ts';
import { redisSenses } from './redis.ts';
import type { Sense } from './sense.ts';

export { KNOWN_NOUNS, OTHER_NOUNS, OTHER_THINGS } from './others.ts';
export type { Sense } from './sense.ts';

/** All senses. Which metric a claim means is told by the best of them; see `bindMetric`. */
export const SENSES: readonly Sense[] = [
  ...redisSenses,
  ...databaseSenses,
  ...httpSenses,
  ...machinesSenses,
  ...moneySenses,
];
