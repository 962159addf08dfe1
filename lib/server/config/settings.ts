import 'server-only';
import type { Scope } from '@/lib/core/model/target.ts';
import type { Reporter } from './issues.ts';
import type { Path } from './yaml-file.ts';

interface Written {
  app?: string | undefined;
  environment?: string | undefined;
  interval?: number | undefined;
  timeout?: number | undefined;
}

/** What every kind of target has; null (reported) when its times contradict each other. */
export function settingsOf(reporter: Reporter, source: Written, path: Path, scope: Scope) {
  const { interval: intervalSeconds = null, timeout: timeoutSeconds = null } = source;
  if (intervalSeconds !== null && timeoutSeconds !== null && timeoutSeconds > intervalSeconds) {
    reporter.report([...path, 'timeout'], 'is longer than the interval; visits of one target never overlap');
    return null;
  }
  return { ...scopeOf(source, scope), intervalSeconds, timeoutSeconds };
}

/** The scope of an entry: its own, else the one around it. */
export function scopeOf(written: Written, around: Scope): Scope {
  return { app: written.app ?? around.app, environment: written.environment ?? around.environment };
}
