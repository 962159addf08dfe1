import 'server-only';
import type { Labels } from '@/lib/core/model/sample.ts';
import { cleanText } from '../app/clean-text.ts';
import type { PromSeries } from '../promql/answer.ts';

const MAX_NAME_CHARS = 80;

/** One text for what the engine scrapes by itself: a job's instance. */
export function processOf({ job, instance }: Labels): string {
  return `${job ?? ''}\u0000${instance ?? ''}`;
}

/** Series by the process that they come from. */
export function byProcess(series: readonly PromSeries[]): ReadonlyMap<string, readonly PromSeries[]> {
  const groups = new Map<string, PromSeries[]>();
  for (const one of series) {
    const key = processOf(one.labels);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return groups;
}

/**
 * A short name for each process, by its first label of `preferred`, else by its instance. Where two would get the same
 * name, the instance and then the job are added.
 */
export function nameProcesses(
  processes: ReadonlyMap<string, readonly PromSeries[]>,
  preferred: readonly string[],
): ReadonlyMap<string, string> {
  const drafts = [...processes].map(([key, series]) => {
    const labels = series[0]?.labels ?? {};
    const instance = clean(labels.instance) || clean(labels.job) || 'unnamed';
    const best = preferred.map((label) => clean(labels[label])).find((name) => name !== '') ?? instance;
    return { key, tries: [best, `${best} ${instance}`, `${best} ${instance} ${clean(labels.job)}`] };
  });
  return new Map(
    drafts.map(({ key, tries }) => {
      const free = tries.find((name, i) =>
        drafts.every((other) => other.key === key || other.tries[i] !== name),
      );
      return [key, free ?? tries.at(-1) ?? key];
    }),
  );
}

function clean(text: string | undefined): string {
  return text === undefined ? '' : cleanText(text, MAX_NAME_CHARS);
}
