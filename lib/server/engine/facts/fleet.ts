import 'server-only';
import type { FleetFacts } from '@/lib/core/alerts/facts/fleet.ts';
import { readBilled } from './billed.ts';
import type { FactReader } from './fact-reader.ts';
import { readBreakers, readLimiterFacts, readRefused } from './fleet-guards.ts';
import { readQuietLogs } from './fleet-logs.ts';
import { readMachineFacts } from './fleet-machines.ts';
import { readUnaccounted } from './fleet-unaccounted.ts';

/** What machines, their guards, Redis beside them and their log streams do. Nothing here is asked of a source. */
export const readFleetFacts: FactReader<FleetFacts> = async (question) => {
  const [machines, breakers, limiter, refused, unaccounted, billed, quietLogs] = await Promise.all([
    readMachineFacts(question),
    readBreakers(question),
    readLimiterFacts(question),
    readRefused(question),
    readUnaccounted(question),
    readBilled(question),
    readQuietLogs(question),
  ]);
  const tell = (atMs: number): FleetFacts => ({
    get machines() {
      return machines(atMs);
    },
    get breakers() {
      return breakers(atMs);
    },
    get limiter() {
      return limiter(atMs);
    },
    get redisRefused() {
      return refused(atMs);
    },
    get unaccounted() {
      return unaccounted(atMs);
    },
    get billed() {
      return billed(atMs);
    },
    get quietLogs() {
      return quietLogs(atMs);
    },
  });
  // A backtest of one rule asks for one part, thousands of times; a look of now is told at once, so that what fails, fails here.
  return question.isPast ? tell : (atMs) => ({ ...tell(atMs) });
};
