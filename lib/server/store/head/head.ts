import 'server-only';
import type { Labels, Sample, StartMarker } from '@/lib/core/model/sample.ts';
import type { Scrape } from '@/lib/core/model/scrape.ts';
import type { TargetId } from '@/lib/core/model/target.ts';
import type { TimeRange } from '@/lib/core/time/range.ts';
import type { VisitRow } from '../codec/scrape-row.ts';
import type { VisitHour } from '../codec/visits.ts';
import { resetTimes } from '../series-hour.ts';
import type { ResetMark, ScrapeMark, SeriesInfo, SeriesSelector } from '../store.ts';
import { type HeadSeries, Registry } from './registry.ts';
import { hourOf, type Intake, NEW_TARGET, type SavedTarget, TargetHead } from './target-head.ts';

/** A target with its number in the store. */
export interface HeadTarget {
  readonly number: number;
  readonly head: TargetHead;
  /** Hours up to and with this one are packed; null when none is. */
  packedHour: number | null;
  /** Visits of hours up to and with this one come too late: the hour is being packed. */
  sealedHour: number | null;
  /** Series of the newest visit by position: the next visit most likely holds the same, in the same order. */
  readonly layout: HeadSeries[];
  /** The last start marker seen, so that equal texts are one text. */
  lastMarker: string | null;
}

/** What a new name costs: rows that must be durable before the first sample is. */
export interface NewNames {
  targets: { number: number; id: TargetId }[];
  series: { series: HeadSeries; target: number }[];
}

/** Everything that is not packed yet, and the newest sample of every series. In memory, no I/O. */
export class Head {
  readonly registry = new Registry();
  readonly #targets = new Map<TargetId, HeadTarget>();
  readonly #byNumber = new Map<number, HeadTarget>();
  #nextNumber = 1;
  /** Names that no commit has carried yet. */
  #unsaved: NewNames = { targets: [], series: [] };

  target(id: TargetId): HeadTarget | undefined {
    return this.#targets.get(id);
  }

  /** The name of a target by its number; undefined for an unknown one. */
  idOf(number: number): TargetId | undefined {
    return this.#byNumber.get(number)?.head.targetId;
  }

  /** Leaves to the packed rows what another instance has packed. */
  leavePacked(number: number, packedHour: number): void {
    const target = this.#byNumber.get(number);
    if (target === undefined) return;
    target.packedHour = packedHour;
    target.sealedHour = packedHour;
    target.head.dropHours(packedHour);
  }

  targets(): IterableIterator<HeadTarget> {
    return this.#targets.values();
  }

  restoreTarget(number: number, id: TargetId, packedHour: number | null, saved: SavedTarget): HeadTarget {
    const head = new TargetHead(id, this.registry, saved);
    const target: HeadTarget = {
      number,
      head,
      packedHour,
      sealedHour: packedHour,
      layout: [],
      lastMarker: null,
    };
    this.#targets.set(id, target);
    this.#byNumber.set(number, target);
    this.#nextNumber = Math.max(this.#nextNumber, number + 1);
    return target;
  }

  /** Names series of a visit, making those that are new. `refuse` says when a new one is one too many. */
  toRow(scrape: Scrape, refuse: (info: Sample) => boolean): { target: HeadTarget; row: VisitRow } {
    const target = this.#targets.get(scrape.targetId) ?? this.#newTarget(scrape.targetId);
    const starts: (StartMarker | null)[] = [this.#ownStart(target, scrape.start)];
    const startOf: number[] = [];
    const seriesIds: number[] = [];
    const values: number[] = [];
    let ownStarts = false;
    for (const sample of scrape.samples) {
      if (!Number.isFinite(sample.value)) continue;
      const series = this.#seriesFor(target, sample, seriesIds.length, refuse);
      if (series === null) continue;
      target.layout[seriesIds.length] = series;
      seriesIds.push(series.info.id);
      values.push(sample.value);
      const start = sample.start === undefined ? 0 : indexOfStart(starts, sample.start);
      ownStarts ||= start !== 0;
      startOf.push(start);
    }
    const row: VisitRow = {
      atMs: Math.round(scrape.atMs),
      intervalMs: Math.round(scrape.intervalMs),
      durationMs: Math.round(scrape.durationMs),
      ok: scrape.ok,
      error: scrape.error === null ? null : { kind: scrape.error.kind, message: scrape.error.message },
      starts,
      seriesIds,
      values,
      startOf: ownStarts ? startOf : null,
    };
    return { target, row };
  }

  #newTarget(id: TargetId): HeadTarget {
    const target = this.restoreTarget(this.#nextNumber, id, null, NEW_TARGET);
    this.#unsaved.targets.push({ number: target.number, id });
    return target;
  }

  #seriesFor(
    target: HeadTarget,
    sample: Sample,
    position: number,
    refuse: (sample: Sample) => boolean,
  ): HeadSeries | null {
    const quality = sample.quality ?? 'measured';
    const guess = target.layout[position];
    if (guess !== undefined && guess.info.metric === sample.metric && guess.info.quality === quality) {
      if (sameLabels(guess.info.labels, sample.labels)) return guess;
    }
    const id = target.head.targetId;
    const known = this.registry.find(id, sample.metric, sample.labels, quality);
    if (known !== undefined) return known;
    if (refuse(sample)) return null;
    const series = this.registry.create(id, sample.metric, sample.labels, quality);
    this.#unsaved.series.push({ series, target: target.number });
    return series;
  }

  /** Whole ms, and the same text object as long as the marker stays the same. */
  #ownStart(target: HeadTarget, start: StartMarker | null): StartMarker | null {
    if (start === null) return null;
    if (target.lastMarker !== start.marker) target.lastMarker = JSON.parse(JSON.stringify(start.marker));
    return { marker: target.lastMarker ?? start.marker, atMs: wholeOrNull(start.atMs) };
  }

  /** The backfilled series of this name, made when it is new. */
  historySeries(targetId: TargetId, metric: string, labels: Labels): HeadSeries {
    const known = this.registry.find(targetId, metric, labels, 'backfilled');
    if (known !== undefined) return known;
    const target = this.#targets.get(targetId) ?? this.#newTarget(targetId);
    const series = this.registry.create(targetId, metric, labels, 'backfilled');
    this.#unsaved.series.push({ series, target: target.number });
    return series;
  }

  /** Names to be made durable with the next commit. Put them back when it fails. */
  takeUnsaved(): NewNames {
    const taken = this.#unsaved;
    this.#unsaved = { targets: [], series: [] };
    return taken;
  }

  putBackUnsaved(names: NewNames): void {
    this.#unsaved = {
      targets: [...names.targets, ...this.#unsaved.targets],
      series: [...names.series, ...this.#unsaved.series],
    };
  }

  /** Takes a durable row, live or replayed. Rows of packed hours were taken before. */
  ingest(targetNumber: number, row: VisitRow): Intake | null {
    const target = this.#byNumber.get(targetNumber);
    if (target === undefined) return null;
    if (target.packedHour !== null && hourOf(row.atMs) <= target.packedHour) return null;
    return target.head.ingest(row);
  }

  /** Forgets series that are gone from the store. */
  removeSeries(ids: readonly number[]): void {
    for (const id of ids) this.registry.remove(id);
    for (const target of this.#targets.values()) target.layout.length = 0;
  }

  find(selector: SeriesSelector): SeriesInfo[] {
    return this.registry.select(selector).map((series) => series.info);
  }

  /** Visits that are in memory, oldest first. */
  readScrapes(targetIds: readonly TargetId[], range: TimeRange): ScrapeMark[] {
    return targetIds.flatMap((targetId) => {
      const hours = this.#targets.get(targetId)?.head.hours ?? [];
      return hours.flatMap((hour) => marksOf(targetId, hour, range));
    });
  }

  readResets(series: readonly HeadSeries[], range: TimeRange): ResetMark[] {
    return series.flatMap(({ info, counter }) => {
      if (!counter) return [];
      const hours = this.#targets.get(info.targetId)?.head.hours ?? [];
      return hours.flatMap((visits) =>
        resetTimes({ visits, exceptions: visits.exceptionsOf(info.id) })
          .filter((atMs) => atMs >= range.startMs && atMs < range.endMs)
          .map((atMs) => ({ seriesId: info.id, atMs })),
      );
    });
  }
}

/** Marks of the visits of one hour that lie in `range`. */
export function marksOf(targetId: TargetId, hour: VisitHour, range: TimeRange): ScrapeMark[] {
  const marks: ScrapeMark[] = [];
  for (let i = 0; i < hour.length; i++) {
    const atMs = hour.atMs[i] ?? 0;
    if (atMs < range.startMs || atMs >= range.endMs) continue;
    marks.push({
      targetId,
      atMs,
      intervalMs: hour.intervalMs[i] ?? 0,
      durationMs: hour.durationMs[i] ?? 0,
      ok: hour.ok[i] === 1,
      error: hour.errors.get(i) ?? null,
    });
  }
  return marks;
}

function indexOfStart(starts: (StartMarker | null)[], start: StartMarker): number {
  const atMs = wholeOrNull(start.atMs);
  const known = starts.findIndex((s) => s !== null && s.marker === start.marker && s.atMs === atMs);
  if (known !== -1) return known;
  return starts.push({ marker: start.marker, atMs }) - 1;
}

function wholeOrNull(atMs: number | null): number | null {
  return atMs === null ? null : Math.round(atMs);
}

function sameLabels(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  let left = 0;
  for (const name in a) {
    if (a[name] !== b[name]) return false;
    left += 1;
  }
  for (const _ in b) left -= 1;
  return left === 0;
}
