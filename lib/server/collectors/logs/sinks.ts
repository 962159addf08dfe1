import 'server-only';
import { randomUUID } from 'node:crypto';
import { type TargetId, targetId } from '@/lib/core/model/target.ts';
import type { LogsTarget } from '@/lib/server/config/types.ts';
import { LogSink } from './sink.ts';

/** One register for the process: Next loads routes and the poller as separate copies of this module. */
const KEY = Symbol.for('afterwatch.logs');

/** The sink of a source: the route fills it, the poller's visits read it. Made when it is first asked for. */
export function sinkOf(target: LogsTarget): LogSink {
  const holder = globalThis as unknown as Record<symbol, Map<TargetId, LogSink> | undefined>;
  const sinks = holder[KEY] ?? new Map<TargetId, LogSink>();
  holder[KEY] = sinks;
  const id = targetId(target);
  const sink = sinks.get(id) ?? new LogSink(target, randomUUID());
  sinks.set(id, sink);
  return sink;
}

/** Forgets a sink and its counts. */
export function closeSink(target: LogsTarget): void {
  const holder = globalThis as unknown as Record<symbol, Map<TargetId, LogSink> | undefined>;
  holder[KEY]?.delete(targetId(target));
}
