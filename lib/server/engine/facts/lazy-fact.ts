import 'server-only';
import type { SeriesFact } from '@/lib/core/alerts/facts/series.ts';

/** A fact that is worked out when one of its looks is asked for: a rule that is walked alone wants one series of all. */
export function lazyFact(
  { series, title }: Pick<SeriesFact, 'series' | 'title'>,
  work: () => SeriesFact,
): SeriesFact {
  let worked: SeriesFact | null = null;
  const fact = (): SeriesFact => {
    worked ??= work();
    return worked;
  };
  return {
    ...{ series, title },
    get countSpike() {
      return fact().countSpike;
    },
    get spike() {
      return fact().spike;
    },
    get regression() {
      return fact().regression;
    },
    get plateau() {
      return fact().plateau;
    },
    get stall() {
      return fact().stall;
    },
    get drift() {
      return fact().drift;
    },
    get place() {
      return fact().place;
    },
  };
}
