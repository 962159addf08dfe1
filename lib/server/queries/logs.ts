import 'server-only';
import { type TargetId, targetId } from '@/lib/core/model/target.ts';
import type { KeptLine } from '../collectors/logs/sink.ts';
import { sinkOf } from '../collectors/logs/sinks.ts';
import type { LogsTarget } from '../config/types.ts';
import { KnownError } from '../http/guards.ts';
import type { Runtime } from '../runtime.ts';

/** Which logs source is meant; what is left out fits all. */
export interface AskedLogs {
  app?: string | undefined;
  environment?: string | undefined;
  source?: string | undefined;
}

/** The one source that lines are for. Throws `KnownError` when none or more than one fits. */
export function chooseLogsTarget(runtime: Pick<Runtime, 'config'>, asked: AskedLogs): LogsTarget {
  const fitting = logsTargets(runtime, asked);
  const [only] = fitting;
  if (only === undefined) {
    throw new KnownError('not_found', 'No such logs source: add one with kind: logs to afterwatch.yml.');
  }
  if (fitting.length > 1) {
    throw new KnownError(
      'bad_input',
      'Several logs sources fit: add ?source=NAME to the address, and app and environment where names repeat.',
    );
  }
  return only;
}

export interface KeptLinesView {
  sources: { id: TargetId; lastLineMs: number | null; lines: readonly KeptLine[] }[];
}

/** The lines that are kept in memory, newest last. `lastLineMs`: arrival of the last line, matching or not. */
export function readKeptLines(runtime: Pick<Runtime, 'config'>, asked: AskedLogs): KeptLinesView {
  return {
    sources: logsTargets(runtime, asked).map((target) => {
      const { lastLineMs, kept } = sinkOf(target);
      return { id: targetId(target), lastLineMs, lines: kept };
    }),
  };
}

function logsTargets(
  runtime: Pick<Runtime, 'config'>,
  { app, environment, source }: AskedLogs,
): LogsTarget[] {
  return runtime.config.targets.filter(
    (target): target is LogsTarget =>
      target.kind === 'logs' &&
      (app === undefined || target.app === app) &&
      (environment === undefined || target.environment === environment) &&
      (source === undefined || target.name === source),
  );
}
