import { ACT_FIELDS, type Acts, NO_ACTS } from '@/lib/core/budget/acts.ts';
import type { CollectorSession, CountAct } from '@/lib/server/collectors/collector.ts';
import type { OpenSession } from '@/lib/server/collectors/index.ts';

/** A real session and what each of its visits sent, in order. */
export interface Recording {
  session: CollectorSession;
  visits: Acts[];
}

/** Opens real sessions and writes down what each of their visits sends, by name of the target. */
export function recording(open: OpenSession, into: Map<string, Recording>): OpenSession {
  return (target, { count }) => {
    const visits: Acts[] = [];
    let sent: Acts = { ...NO_ACTS };
    const session = open(target, {
      count: (act, times = 1) => {
        sent[ACT_FIELDS[act]] += times;
        count(act, times);
      },
    });
    into.set(target.name, { session, visits });
    return {
      pace: () => session.pace(),
      close: () => session.close(),
      collect: async (context) => {
        sent = { ...NO_ACTS };
        try {
          return await session.collect(context);
        } finally {
          visits.push(sent);
        }
      },
    };
  };
}

/**
 * A session that counts as the recorded one did, at the pace that it had learned: its first visit, then all the others
 * round and round. A day of it passes in a second.
 */
export function replaying({ session, visits }: Recording, count: CountAct): CollectorSession {
  const [first, ...others] = visits;
  let visit = 0;
  return {
    pace: () => session.pace(),
    close: async () => undefined,
    collect: async () => {
      const acts = visit === 0 ? first : others[(visit - 1) % others.length];
      if (acts === undefined) throw new Error('nothing was recorded');
      visit += 1;
      for (const act of ['command', 'connect', 'query', 'request'] as const) {
        if (acts[ACT_FIELDS[act]] > 0) count(act, acts[ACT_FIELDS[act]]);
      }
      return { samples: [], start: null, facts: {}, notices: [] };
    },
  };
}
