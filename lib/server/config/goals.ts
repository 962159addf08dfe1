import 'server-only';
import type { Scope } from '@/lib/core/model/target.ts';
import { parseAt, type Reporter } from './issues.ts';
import { labelProblem, metricProblem } from './metric-name.ts';
import { parseRatePerSecond } from './rate.ts';
import { goalSchema } from './schema.ts';
import { scopeOf } from './settings.ts';
import type { Goal } from './types.ts';
import type { Path } from './yaml-file.ts';

/** One entry of `goals`; null when it has faults, which are reported. */
export function readGoal(reporter: Reporter, data: unknown, path: Path, scope: Scope): Goal | null {
  const goal = parseAt(reporter, goalSchema, data, path);
  if (goal === null) return null;
  const { metric, labels = {}, atMost, atLeast } = goal;
  const problem = metricProblem(metric, { only: 'counter' });
  if (problem !== null) reporter.report([...path, 'metric'], problem);
  for (const label of Object.keys(labels)) {
    const fault = labelProblem(metric, label);
    if (fault !== null) reporter.report([...path, 'labels', label], fault);
  }
  const text = atMost ?? atLeast;
  if (text === undefined || (atMost !== undefined && atLeast !== undefined)) {
    reporter.report(path, 'needs exactly one of atMost and atLeast');
    return null;
  }
  const perSecond = parseRatePerSecond(text);
  if (perSecond === null) return null;
  const direction = atMost === undefined ? 'atLeast' : 'atMost';
  return { ...scopeOf(goal, scope), metric, labels, direction, perSecond, text };
}
