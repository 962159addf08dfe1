import 'server-only';
import { appMetrics } from '@/lib/core/metrics/catalogue/app.ts';
import type { Sample, StartMarker } from '@/lib/core/model/sample.ts';
import type { Notice } from '@/lib/core/model/scrape.ts';
import { type Exposition, ExpositionBuilder, SeriesLimitError } from '../app/exposition.ts';
import { type Binding, discoverMapping, isAppMetric } from '../app/mapping.ts';
import { discoveryNotices, refusedNotices } from '../app/notices.ts';
import { type Refused, readSamples } from '../app/read-samples.ts';
import { WorkerWatch } from '../app/workers.ts';
import type { PromSeries } from '../promql/answer.ts';
import { byProcess, nameProcesses } from './processes.ts';
import { MACHINE_LABELS, OWN_SERVER, PART_LABEL } from './schema.ts';

/** More series of one machine than any app should have after routes were added up. */
const MAX_SERIES = 5_000;

/** What any exporter says of its own process: no sign of an app. */
const OF_ANY_PROCESS: ReadonlySet<string> = new Set([
  'app_cpu_seconds_total',
  'app_resident_memory_bytes',
  'app_open_fds',
  'app_process_start_time_seconds',
  'app_event_loop_lag_seconds',
]);
/** What is worth saying about a machine here; the rest of the app collector's notices are about a page. */
const KEPT_NOTICES: ReadonlySet<string> = new Set(['class_only_status', 'no_status_label', 'bad_values']);

/** A machine of the app, as an engine knows it. */
export interface MachineFind {
  process: string;
  name: string;
  exposition: Exposition;
  bindings: readonly Binding[];
  notices: readonly Notice[];
}

/**
 * The machines behind a group's series: each process becomes the page that it would show itself, so that everything
 * the app collector recognises is recognised here too. `taken` are metrics that the config reads by queries.
 */
export function findMachines(
  series: readonly PromSeries[],
  taken: ReadonlySet<string>,
): { machines: readonly MachineFind[]; notices: readonly Notice[] } {
  const processes = byProcess(series);
  const names = nameProcesses(processes, MACHINE_LABELS);
  const notices: Notice[] = [];
  const machines = [...processes].flatMap(([process, own]): MachineFind[] => {
    // Our own numbers would come round in a circle.
    if (own.some(({ labels }) => labels.__name__ === OWN_SERVER)) return [];
    const name = names.get(process) ?? process;
    const exposition = toExposition(own);
    if (exposition === null) {
      notices.push({
        code: 'too_many_series',
        text: `${name} has more than ${MAX_SERIES.toLocaleString('en-US')} series of the metrics that are read; it was left out. Drop labels with many values.`,
      });
      return [];
    }
    const discovery = discoverMapping(exposition, []);
    if (discovery.bindings.every(({ metric }) => OF_ANY_PROCESS.has(metric))) return [];
    const bindings = discovery.bindings.filter(({ metric }) => !taken.has(metric));
    return [{ process, name, exposition, bindings, notices: discoveryNotices(discovery, exposition) }];
  });
  return { machines, notices };
}

/** A process's series as its own metrics page; null when there are too many. */
export function toExposition(series: readonly PromSeries[]): Exposition | null {
  const builder = new ExpositionBuilder(MAX_SERIES);
  try {
    for (const { labels: all, points } of series) {
      // Who the process is stands with the page, not in it.
      const { __name__: name, job: _job, instance: _instance, [PART_LABEL]: _part, ...labels } = all;
      const value = points.at(-1)?.value;
      if (name === undefined || value === undefined) continue;
      const { family, role } = builder.place(name);
      builder.add(
        family,
        { name, role, labels, value, timestampMs: null },
        `${name} ${JSON.stringify(labels)}`,
      );
    }
  } catch (error) {
    if (error instanceof SeriesLimitError) return null;
    throw error;
  }
  return builder.finish();
}

/** What a session remembers of machines between visits. */
export class MachineMemory {
  readonly #watches = new Map<string, WorkerWatch>();
  /** Machines by process, so that one that is down keeps its name. */
  readonly #known = new Map<string, string>();

  /** Samples of every machine, each with the machine's own start and the label `machine`. */
  read(
    found: ReturnType<typeof findMachines>,
    up: ReadonlyMap<string, boolean>,
    nowMs: number,
  ): { samples: Sample[]; notices: Notice[] } {
    const notices = new Map<string, Notice>();
    const note = (notice: Notice) => notices.set(`${notice.code} ${notice.text}`, notice);
    for (const notice of found.notices) note(notice);
    const samples: Sample[] = [];
    for (const machine of found.machines) {
      this.#known.set(machine.process, machine.name);
      const refused: Refused = { badValue: 0, future: 0, mixedBuckets: [], tooManyLabels: [] };
      samples.push(...this.#readOne(machine, refused, nowMs));
      for (const notice of [...machine.notices, ...refusedNotices(refused)]) {
        if (KEPT_NOTICES.has(notice.code)) note(notice);
      }
    }
    for (const [process, name] of this.#known) {
      const isUp = up.get(process);
      // What the engine does not scrape any more has gone, and is not down.
      if (isUp === undefined) this.#known.delete(process);
      else samples.push({ metric: 'app_up', labels: { machine: name }, value: isUp ? 1 : 0 });
    }
    return { samples, notices: [...notices.values()] };
  }

  #readOne(machine: MachineFind, refused: Refused, nowMs: number): Sample[] {
    const raw = machine.bindings.flatMap((binding) =>
      readSamples(machine.exposition, binding, nowMs, refused),
    );
    const first = (metric: string) => raw.find((sample) => sample.metric === metric)?.value ?? null;
    const startSeconds = first('app_process_start_time_seconds');
    const watch = this.#watches.get(machine.process) ?? new WorkerWatch();
    this.#watches.set(machine.process, watch);
    const startMs = startSeconds === null || startSeconds <= 0 ? null : Math.round(startSeconds * 1_000);
    const cpuSeconds = first('app_cpu_seconds_total');
    const answerer = watch.step({ startMs, skewMs: 0, cpuSeconds }, nowMs);
    const kept = answerer.countersUsable ? raw : raw.filter(isGauge);
    const start: StartMarker | null =
      answerer.startMs === null ? null : { marker: `start:${answerer.startMs}`, atMs: answerer.startMs };
    return [...kept, ...no429s(machine, kept)].map((sample) => ({
      ...sample,
      labels: { ...sample.labels, machine: machine.name },
      ...(start !== null && !isGauge(sample) && { start }),
      ...(answerer.multiWorker && { quality: 'inferred' as const }),
    }));
  }
}

/**
 * A machine that counts exact statuses and has no 429 has answered none. It is said as 0, so that the first one counts:
 * among many machines the store cannot tell a new series from one that was there before.
 */
function no429s({ bindings }: MachineFind, samples: readonly Sample[]): Sample[] {
  const exact = bindings.some((one) => one.metric === 'http_responses_total' && one.statusDetail === 'exact');
  const responses = samples.filter(({ metric }) => metric === 'http_responses_total');
  if (!exact || responses.length === 0 || responses.some(({ labels }) => labels.status === '429')) return [];
  return [{ metric: 'http_responses_total', labels: { status: '429' }, value: 0 }];
}

function isGauge({ metric }: Sample): boolean {
  return !isAppMetric(metric) || appMetrics[metric].kind === 'gauge';
}
