import 'server-only';
import type { Notice } from '@/lib/core/model/scrape.ts';
import type { CommandPoints } from './commands.ts';
import { type DatabaseState, short } from './facts.ts';
import type { Fit } from './point-counter.ts';
import type { PointReader } from './points.ts';

/** What the state of the database means. */
export function databaseNotices(state: DatabaseState, raw: string | null): readonly Notice[] {
  switch (state) {
    case 'active':
      return [];
    case 'suspended':
    case 'passive':
      return [
        {
          code: 'database_not_active',
          text: `Upstash calls it ${state}: it may not answer; look into the console for a failed payment, or a free database that was idle for 30 days`,
        },
      ];
    case 'unknown':
      return [
        {
          code: 'state_unknown',
          text:
            raw === null
              ? 'Upstash tells no state, so none is claimed'
              : `Upstash calls its state ${short(raw)}, which we do not know, so none is claimed`,
        },
      ];
    default:
      return state satisfies never;
  }
}

/** What is to be known of one answer of the statistics. */
export function statsNotices(seen: {
  reader: Pick<PointReader, 'badTimes' | 'badValues'>;
  commands: CommandPoints;
  fit: Fit | null;
  /** Time of the newest point when it is too old; null otherwise. */
  staleSinceMs: number | null;
}): readonly Notice[] {
  const { reader, commands, fit, staleSinceMs } = seen;
  const notices: Notice[] = [
    {
      code: 'figures_lag',
      text: 'day and month totals trail the database, also past a limit, and sampled points come late; whether it still answers is told by the redis source',
    },
  ];
  const add = (code: string, text: string) => notices.push({ code, text });
  if (commands.byCommand === null) {
    add(
      'no_command_counts',
      'the answer holds no counts by command, so GETs cannot be told apart here; count them in your app',
    );
  } else {
    add(
      'sampled_commands',
      'counts by command are added up from sampled points, so they are inferred; totals of the day are apart and are not mixed in',
    );
  }
  if (fit === 'lost') {
    add(
      'points_missed',
      'between two visits points were lost, so counting by command began anew; visit more often',
    );
  }
  if (staleSinceMs !== null) {
    add(
      'stats_stale',
      `its newest point is of ${new Date(staleSinceMs).toISOString().slice(0, 16)}Z, so sampled levels are left out`,
    );
  }
  if (commands.leftOut > 0)
    add(
      'too_many_commands',
      `${commands.leftOut} counts by command were left out: odd names, or more than 300`,
    );
  if (reader.badTimes > 0)
    add('bad_times', `${reader.badTimes} points were left out: their time could not be read`);
  if (reader.badValues > 0)
    add(
      'bad_values',
      `${reader.badValues} numbers were left out: below zero, endless, or too large to be exact`,
    );
  return notices;
}
