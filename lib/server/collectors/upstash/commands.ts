import 'server-only';
import type { TimeRange } from '@/lib/core/time/range.ts';
import { type Point, type PointReader, sorted } from './points.ts';
import type { Stats } from './schema.ts';

/** A healthy answer names a few dozen; more comes from a broken or hostile one. */
const MAX_COMMANDS = 300;

export interface CommandPoints {
  /** By command in lower case; null when the answer has no counts by command at all. */
  byCommand: ReadonlyMap<string, readonly Point[]> | null;
  /** Names that were left out: no word, or beyond the cap. */
  leftOut: number;
}

/** The points of `command_counts` inside `range`. Names that differ only in letter case are one command. */
export function readCommandPoints(stats: Stats, range: TimeRange, reader: PointReader): CommandPoints {
  const { command_counts: raw } = stats;
  if (raw === null || raw === undefined) return { byCommand: null, leftOut: 0 };
  const byCommand = new Map<string, readonly Point[]>();
  let leftOut = 0;
  for (const { metric_identifier, data_points } of raw) {
    const cmd = metric_identifier.trim().toLowerCase();
    const known = byCommand.get(cmd);
    if (!isCommand(cmd) || (known === undefined && byCommand.size >= MAX_COMMANDS)) {
      leftOut += 1;
      continue;
    }
    const points = reader.read(data_points, range);
    byCommand.set(cmd, known === undefined ? points : addUp(known, points));
  }
  return { byCommand, leftOut };
}

/** `get`, `json.get`, `client|list`, `script load`. */
function isCommand(cmd: string): boolean {
  return /^[a-z][a-z0-9_.|-]{0,62}( [a-z0-9_.|-]{1,32})?$/.test(cmd);
}

function addUp(a: readonly Point[], b: readonly Point[]): readonly Point[] {
  const byTime = new Map<number, number>();
  for (const { atMs, value } of [...a, ...b]) byTime.set(atMs, (byTime.get(atMs) ?? 0) + value);
  return sorted(byTime);
}
