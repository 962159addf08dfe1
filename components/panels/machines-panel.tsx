'use client';

import { clsx } from 'clsx';
import type { ReactNode } from 'react';
import { releasesBehind } from '@/lib/core/model/releases.ts';
import type { MachineView } from '@/lib/core/model/view.ts';
import { formatClock } from '@/lib/core/units/clock.ts';
import { NO_DATA } from '@/lib/core/units/decimal.ts';
import { formatDuration } from '@/lib/core/units/duration.ts';
import { rateText } from '@/lib/core/units/format-rate.ts';
import { valueText } from '@/lib/core/units/format-value.ts';
import type { Zone } from '@/lib/core/units/zone.ts';
import { useChartPage } from '../charts/chart-page.ts';
import { Value } from '../ui/figure.tsx';
import { useLongList } from '../ui/long-list.tsx';
import { PanelFrame, type PanelState } from '../ui/panel-frame.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { Status } from '../ui/status.tsx';
import { HEALTH_WORDS, isQuiet, MODE_WORDS, SOURCE_WORDS } from './words.ts';

const SHOWN = 12;

interface MachinesPanelProps {
  machines: readonly MachineView[];
  nowMs: number;
  /** Releases that are known, oldest first: what "one behind" is said against. */
  releases?: readonly string[];
  /** Machines that the deploy summary counted on; null when it named none. */
  assumed?: number | null;
  /** What the page knows beyond the data: the first read is under way, or the last one failed. */
  state?: PanelState;
}

/** Does every machine run what we meant? Troubled ones first; a block each on a phone. */
export function MachinesPanel({
  machines,
  nowMs,
  releases = [],
  assumed = null,
  state,
}: Readonly<MachinesPanelProps>) {
  const { zone } = useChartPage();
  const sorted = [...machines].sort((a, b) => Number(isQuiet(a.state)) - Number(isQuiet(b.state)));
  const { shown, more } = useLongList(sorted, SHOWN, 'machines');
  const columns = columnsOf(machines, { nowMs, releases, zone });
  return (
    <PanelFrame
      title="Machines"
      question="Does every machine run what we meant?"
      state={
        state ??
        (machines.length > 0
          ? { kind: 'ready' }
          : {
              kind: 'empty',
              text: 'No machine is watched.',
              fix: 'List the /metrics addresses of your machines under app: in afterwatch.yml, or in APP_METRICS_URLS.',
            })
      }
      skeleton={<Skeleton rows={3} />}
      aside={
        machines.length > 0 && (
          <span className="text-ink-3 max-tablet:sr-only">{summary(machines, assumed)}</span>
        )
      }
    >
      <div className="@container">
        <table className="w-full border-collapse @max-[640px]:block">
          <thead className="@max-[640px]:sr-only">
            <tr className="border-b border-line text-label text-ink-3">
              <th scope="col" className="py-1.5 pr-4 whitespace-nowrap">
                Machine
              </th>
              {columns.map(({ heading, isWide }) => (
                <th
                  key={heading}
                  scope="col"
                  className={clsx(
                    'py-1.5 pr-4 whitespace-nowrap last:pr-0',
                    isWide && '@[640px]:@max-[960px]:hidden',
                  )}
                >
                  {heading}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="@max-[640px]:block">
            {shown.map((machine) => (
              <MachineRow key={machine.id} machine={machine} columns={columns} />
            ))}
          </tbody>
        </table>
      </div>
      {more}
    </PanelFrame>
  );
}

interface Column {
  heading: string;
  /** Left out between phone and desktop, where the table has no room. */
  isWide: boolean;
  /** A column that no machine fills is left out. */
  isKnown: (machine: MachineView) => boolean;
  cell: (machine: MachineView) => ReactNode;
}

function columnsOf(
  machines: readonly MachineView[],
  { nowMs, releases, zone }: { nowMs: number; releases: readonly string[]; zone: Zone },
): readonly Column[] {
  const shareOf = trafficShares(machines);
  const columns: Column[] = [
    {
      heading: 'Version',
      isWide: false,
      isKnown: ({ version }) => version !== null,
      cell: ({ version }) => (
        <span className="block max-w-44 whitespace-normal wrap-anywhere">
          <Value text={version ?? NO_DATA} />
          <Soft text={behindWords(releasesBehind(version, releases))} />
        </span>
      ),
    },
    {
      heading: 'Redis mode',
      isWide: false,
      isKnown: ({ mode }) => mode !== null,
      cell: ({ mode }) => (mode === null ? <Value text={NO_DATA} /> : <Status {...modeWords(mode, zone)} />),
    },
    {
      heading: 'Health',
      isWide: false,
      isKnown: ({ health, state }) => health !== 'unknown' || state !== 'ok',
      // What a machine last said of itself is no news while it does not answer.
      cell: ({ health, state }) => (
        <Status {...(state === 'ok' ? HEALTH_WORDS[health] : SOURCE_WORDS[state])} />
      ),
    },
    {
      heading: 'Traffic',
      isWide: false,
      isKnown: ({ requestsPerSecond }) => requestsPerSecond !== null,
      cell: (machine) => {
        const share = shareOf(machine);
        const rate = rateText(machine.requestsPerSecond, 'requests', 'min');
        return share === null ? (
          <Value text={rate} />
        ) : (
          <>
            {valueText(share, 'ratio')}
            <Soft text={rate} />
          </>
        );
      },
    },
    {
      heading: 'Restarts, 24 h',
      isWide: true,
      isKnown: ({ restarts24h, startedAtMs }) => restarts24h !== null || startedAtMs !== null,
      cell: ({ restarts24h, startedAtMs }) => (
        <>
          <Value text={valueText(restarts24h, 'restarts')} />
          <Soft
            text={startedAtMs === null ? null : `up ${formatDuration(Math.max(0, nowMs - startedAtMs))}`}
          />
        </>
      ),
    },
    {
      heading: 'Local cache',
      isWide: true,
      isKnown: ({ localCache }) => localCache !== null,
      cell: ({ localCache }) => <Value text={cacheText(localCache)} />,
    },
    {
      heading: 'GETs per request',
      isWide: true,
      isKnown: ({ getsPerRequest }) => getsPerRequest !== null,
      cell: ({ getsPerRequest }) => <Value text={ratioText(getsPerRequest)} />,
    },
  ];
  return columns.filter(({ isKnown }) => machines.some(isKnown));
}

/** Share of the whole traffic; null for all of them while one does not tell, for then there is no whole. */
function trafficShares(machines: readonly MachineView[]): (machine: MachineView) => number | null {
  const rates = machines.map(({ requestsPerSecond }) => requestsPerSecond);
  const total = rates.reduce<number>((sum, rate) => sum + (rate ?? 0), 0);
  const isWhole = machines.length > 1 && total > 0 && rates.every((rate) => rate !== null);
  return ({ requestsPerSecond }) =>
    isWhole && requestsPerSecond !== null ? requestsPerSecond / total : null;
}

function modeWords(mode: NonNullable<MachineView['mode']>, zone: Zone) {
  const words = MODE_WORDS[mode.mode];
  return mode.sinceMs === null
    ? words
    : { ...words, detail: `since ${formatClock(mode.sinceMs, 'minutes', zone)}` };
}

function behindWords(behind: number | null): string | null {
  if (behind === null || behind === 0) return null;
  return behind === 1 ? 'one behind' : `${behind} behind`;
}

/** `38.2 of 50 MB`: the unit once, when both have the same. */
function cacheText(cache: MachineView['localCache']): string {
  if (cache === null) return NO_DATA;
  const used = valueText(cache.usedBytes, 'bytes');
  if (cache.maxBytes === null) return used;
  const max = valueText(cache.maxBytes, 'bytes').replace(/\.?0+(?=\D*$)/, '');
  const [usedNumber, usedUnit] = used.split(/\s/);
  return usedUnit === max.split(/\s/)[1] ? `${usedNumber} of ${max}` : `${used} of ${max}`;
}

/** Two decimals: how many GETs a request costs. */
function ratioText(value: number | null): string {
  if (value === null) return NO_DATA;
  return value === 0 ? '0' : value < 9.995 ? value.toFixed(2) : valueText(value, 'commands');
}

function Soft({ text }: Readonly<{ text: string | null }>) {
  return text === null ? null : <span className="text-ink-3"> {text}</span>;
}

/** `2 of 2 answer, all on v1206`: never better than what the machines say. */
function summary(machines: readonly MachineView[], assumed: number | null): string {
  if (assumed !== null && assumed !== machines.length) {
    return `${machines.length} ${machines.length === 1 ? 'runs' : 'run'}, the summary assumed ${assumed}`;
  }
  const up = machines.filter(({ state }) => state === 'ok').length;
  const versions = new Set(machines.flatMap(({ version }) => (version === null ? [] : [version])));
  const isSilent = machines.some(({ version }) => version === null);
  const [only] = versions;
  const skew =
    versions.size === 0 || only === undefined
      ? 'version not told'
      : versions.size > 1
        ? `${versions.size} versions run`
        : isSilent
          ? `some on ${only}, some do not tell`
          : `all on ${only}`;
  return `${up} of ${machines.length} answer, ${skew}`;
}

function MachineRow({ machine, columns }: Readonly<{ machine: MachineView; columns: readonly Column[] }>) {
  const { name, region, notices } = machine;
  return (
    <>
      <tr className="border-line not-first:border-t @max-[640px]:block @max-[640px]:py-2.5">
        <th
          scope="row"
          className="max-w-44 py-2.25 pr-4 font-mono text-mono wrap-anywhere @max-[640px]:block @max-[640px]:max-w-none @max-[640px]:py-0.5"
        >
          {name}
          {region !== null && <span className="text-ink-3"> {region}</span>}
        </th>
        {columns.map(({ heading, isWide, cell }) => (
          <td
            key={heading}
            className={clsx(
              'py-2.25 pr-4 whitespace-nowrap last:pr-0 @max-[640px]:flex @max-[640px]:justify-between @max-[640px]:gap-4 @max-[640px]:py-0.5 @max-[640px]:pr-0 @max-[640px]:whitespace-normal',
              isWide && '@[640px]:@max-[960px]:hidden',
            )}
          >
            <span aria-hidden="true" className="shrink-0 text-ink-3 @[640px]:hidden">
              {heading}
            </span>
            <span className="min-w-0 break-words">{cell(machine)}</span>
          </td>
        ))}
      </tr>
      {notices.length > 0 && (
        <tr className="@max-[640px]:block @max-[640px]:pb-2.5">
          <td colSpan={columns.length + 1} className="pb-2.25 text-label text-ink-3 @max-[640px]:block">
            {notices.map((notice) => (
              <p key={notice}>{notice}</p>
            ))}
          </td>
        </tr>
      )}
    </>
  );
}
