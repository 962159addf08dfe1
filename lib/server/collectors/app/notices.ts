import 'server-only';
import type { Notice } from '@/lib/core/model/scrape.ts';
import { cleanText } from './clean-text.ts';
import type { Exposition } from './exposition.ts';
import type { Binding, Discovery } from './mapping.ts';
import type { Refused } from './read-samples.ts';
import { exactStatusFix } from './status-label.ts';
import type { AnswererVerdict } from './workers.ts';

const SKEW_MS = 30_000;

/** What is to be said about the way a page is recognised. */
export function discoveryNotices(discovery: Discovery, page: Exposition): Notice[] {
  const notices: Notice[] = [];
  const responses = discovery.bindings.find(({ metric }) => metric === 'http_responses_total');
  if (responses?.statusDetail === 'class') notices.push(classOnly(responses));
  if (discovery.withoutStatus !== null) {
    notices.push({
      code: 'no_status_label',
      text: `${discovery.withoutStatus} counts requests without their status, so responses and 429s cannot be told. Add the status code as a label named status.`,
    });
  }
  for (const { metric, from } of discovery.missing) {
    notices.push({
      code: 'mapping_not_found',
      text: `The config maps ${cleanText(metric, 60)} from ${cleanText(from, 60)}, which is not on its page: check the spelling, or wait for its first event.`,
    });
  }
  for (const { metric } of discovery.unknown) {
    notices.push({
      code: 'mapping_unknown_metric',
      text: `The config maps ${cleanText(metric, 60)}, which is no metric of an app; see the list in docs/instrument-your-app.md.`,
    });
  }
  if (discovery.bindings.length === 0 && page.families.size > 0) {
    notices.push({
      code: 'nothing_recognised',
      text: `None of the ${page.families.size} metrics on its page is recognised; map the ones that matter under metrics in the config.`,
    });
  }
  return notices;
}

/** What was left out, and why. */
export function refusedNotices(refused: Refused): Notice[] {
  const notices: Notice[] = [];
  if (refused.badValue > 0) {
    notices.push({
      code: 'bad_values',
      text: `${refused.badValue} of its counters are NaN, infinite or negative; they were left out.`,
    });
  }
  if (refused.future > 0) {
    notices.push({
      code: 'future_samples',
      text: `${refused.future} of its numbers are stamped more than 10 min ahead; they were left out. Check the machine’s clock.`,
    });
  }
  for (const metric of refused.mixedBuckets) {
    notices.push({
      code: 'mixed_buckets',
      text: `The histograms behind ${metric} have different buckets, which do not add up, so percentiles are missing. Use the same buckets everywhere.`,
    });
  }
  for (const metric of refused.tooManyLabels) {
    notices.push({
      code: 'too_many_labels',
      text: `${metric} comes with more label values than are kept; it was left out. Use few fixed values.`,
    });
  }
  return notices;
}

/** `its clock is 10 min ahead`; none within 30 s. `skewMs` null: the machine did not tell its time. */
export function skewNotices(skewMs: number | null): Notice[] {
  if (skewMs === null || Math.abs(skewMs) <= SKEW_MS) return [];
  const seconds = Math.round(Math.abs(skewMs) / 1_000);
  const amount = seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
  return [
    {
      code: 'clock_skew',
      text: `Its clock is ${amount} ${skewMs > 0 ? 'ahead' : 'behind'}; times are taken from our clock. Check its time service.`,
    },
  ];
}

/** What is to be said about who answered. */
export function answererNotices({ multiWorker, handover, countersUsable }: AnswererVerdict): Notice[] {
  if (multiWorker) {
    return [
      {
        code: 'multi_worker',
        text: `Several processes answer in turn at this address, each with counters of its own, so ${countersUsable ? 'numbers are those of one of them' : 'counters are left out on this visit'}. Python: set PROMETHEUS_MULTIPROC_DIR; Node cluster: use an AggregatorRegistry; behind a balancer: list each machine.`,
      },
    ];
  }
  if (!handover) return [];
  return [
    {
      code: 'handover',
      text: 'Another process answers than last time, one that was already running then. Its counters are held back until it is clear that it took over.',
    },
  ];
}

function classOnly({ library, sources }: Binding): Notice {
  const fix = exactStatusFix(library) ?? 'export the exact status code';
  const name = sources[0]?.from ?? 'its request counter';
  return {
    code: 'class_only_status',
    text: `${name} (${library}) groups statuses into classes such as 4xx: 429 cannot be told from 404; ${fix}.`,
  };
}
