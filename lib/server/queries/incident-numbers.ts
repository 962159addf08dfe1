import 'server-only';
import {
  INCIDENT_CHARTS,
  type Incident,
  type IncidentChart,
  type IncidentView,
} from '@/lib/core/model/incident.ts';
import type { ChartView, Point } from '@/lib/core/model/view.ts';
import { alignDown, HOUR_MS, MINUTE_MS, SECOND_MS, type TimeRange } from '@/lib/core/time/range.ts';
import { BEFORE_MS } from '../incidents/read-facts.ts';
import { readImpact } from '../incidents/read-impact.ts';
import type { Runtime } from '../runtime.ts';
import { readNamedChart } from './alert-chart.ts';
import { readMarks } from './marks.ts';
import { remember } from './remember.ts';

const MEMORY = { name: 'incident-numbers', most: 16 };
/** Points of a line at most: several charts go with every tick. A new one comes so often, and not more often is it read. */
const POINTS = 160;
const LIFE_MS = { least: 10 * SECOND_MS, most: 2 * MINUTE_MS, over: HOUR_MS };
/** Digits sent: more than any screen shows. */
const DIGITS = 4;

/** All of an incident that is over one range and is read from what was measured. */
export type IncidentNumbers = Pick<IncidentView, 'range' | 'impact' | 'charts' | 'marks'>;

/** Charts, marks and impact as of one instant: people who look at the same time share one reading. */
export function readIncidentNumbers(runtime: Runtime, incident: Incident): Promise<IncidentNumbers> {
  const { id, app, environment, startMs, endMs, deployId } = incident;
  const rows = runtime.deploys?.listNow({ app, environment }) ?? [];
  const key = JSON.stringify([id, startMs, endMs, deployId, rows.length]);
  const nowMs = runtime.clock.wallMs();
  const lengthMs = (endMs ?? nowMs) - startMs + BEFORE_MS;
  const life = Math.min(LIFE_MS.most, Math.max(LIFE_MS.least, lengthMs / POINTS / 2));
  // What is over hardly changes any more; a provider’s memory may still come.
  const isOver = endMs !== null && nowMs - endMs > HOUR_MS;
  return remember(runtime, MEMORY, key, isOver ? LIFE_MS.over : life, () => read(runtime, incident, nowMs));
}

async function read(runtime: Runtime, incident: Incident, nowMs: number): Promise<IncidentNumbers> {
  const { app, environment, startMs, endMs } = incident;
  const scope = { app, environment };
  const range: TimeRange = {
    startMs: alignDown(startMs - BEFORE_MS, MINUTE_MS),
    endMs: Math.min(endMs ?? nowMs, nowMs),
  };
  const lengthMs = range.endMs - range.startMs;
  const charts: IncidentChart[] = [];
  for (const id of INCIDENT_CHARTS) {
    // One after another: other readers wait less.
    const chart = await readNamedChart(runtime, scope, id, '', range, nowMs, lengthMs / POINTS);
    if (chart !== null) charts.push({ ...chart, id, view: lean(chart.view) });
  }
  return {
    range,
    impact: await readImpact(runtime, incident, nowMs),
    charts,
    marks: readMarks(runtime, scope, range),
  };
}

/** A chart with as many digits as a screen shows. */
function lean(view: ChartView): ChartView {
  const { usual } = view;
  return {
    ...view,
    lines: view.lines.map((line) => ({ ...line, points: line.points.map(short) })),
    usual:
      usual === null
        ? null
        : {
            ...usual,
            points: usual.points.map(short),
            band: usual.band.map(([atMs, low, high]) => [atMs, round(low), round(high)] as const),
          },
  };
}

function short([atMs, value]: Point): Point {
  return [atMs, round(value)];
}

function round(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(DIGITS));
}
