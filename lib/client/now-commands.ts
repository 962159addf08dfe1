import { CHART_SCALES, type ChartScale } from '@/lib/core/chart/scale.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import { NAMED_RANGES } from '@/lib/core/time/named-range.ts';
import { COMPARISONS } from '@/lib/core/time/page-window.ts';
import type { TimeRange } from '@/lib/core/time/range.ts';
import { type AddressChange, type NowAddress, set, setRange } from './address.ts';
import type { Command, CommandGroup } from './commands.ts';
import { freezeWindow, goLive, zoomOut } from './window-moves.ts';
import { COMPARISON_WORDS, RANGE_WORDS } from './window-words.ts';

/** What the commands of the Now page work on. */
export interface NowCommandInput {
  /** What is drawn. */
  address: NowAddress;
  /** What the address says by now; ahead of what is drawn when keys follow fast on each other. */
  current: () => NowAddress;
  scopes: readonly Scope[];
  /** The span that the charts show. */
  seen: TimeRange;
  /** The server's clock now, as well as the browser knows it. */
  nowMs: () => number;
  go: (change: AddressChange) => void;
  copyLink: (address: NowAddress) => void;
  pollNow: () => void;
  /** Opens a control of the header. */
  open: (control: 'time-range' | 'compare') => void;
}

const SCALE_WORDS: Record<ChartScale, string> = {
  level: 'Axis: level, in its own unit',
  index: 'Axis: index, before the deploy is 100',
  log: 'Axis: logarithmic',
};

const always = () => true;

function make(
  group: CommandGroup,
  id: string,
  title: string,
  run: () => void,
  more: Partial<Pick<Command, 'keys' | 'isAvailable' | 'isChosen' | 'says'>> = {},
): Command {
  return { id, title, group, keys: null, isAvailable: always, run, ...more };
}

/** Everything that a reader can do on the Now page. */
export function nowCommands(input: NowCommandInput): readonly Command[] {
  const { address, scopes, go, open } = input;
  return [
    ...timeCommands(input),
    make('Compare', 'compare', 'Compare with another time', () => open('compare'), { keys: 'c' }),
    ...COMPARISONS.map((comparison) =>
      make(
        'Compare',
        `compare-${comparison}`,
        `Compare with ${COMPARISON_WORDS[comparison].long.toLowerCase()}`,
        () => go(set({ comparison })),
        { isChosen: address.comparison === comparison },
      ),
    ),
    make('Compare', 'compare-none', 'Compare with nothing', () => go(set({ comparison: null })), {
      isAvailable: () => input.current().comparison !== null,
    }),
    ...chartCommands(input),
    make('Page', 'copy-link', 'Copy the link to this page', () => input.copyLink(input.current()), {
      keys: 'y',
    }),
    make(
      'Page',
      'copy-seen',
      'Copy a link to what is seen now',
      () => input.copyLink(freeze(input)(input.current())),
      {
        isAvailable: () => input.current().window.kind === 'live',
      },
    ),
    make('Page', 'poll', 'Poll every source now', input.pollNow, {
      isAvailable: () => input.current().window.kind === 'live',
      says: () => 'Polling every source',
    }),
    ...(scopes.length < 2 ? [] : scopes).map((scope) =>
      make(
        'App',
        `scope-${scope.app}/${scope.environment}`,
        `Show ${scope.app} · ${scope.environment}`,
        () => go(set({ scope })),
        { isChosen: scope.app === address.scope.app && scope.environment === address.scope.environment },
      ),
    ),
  ];
}

/** To the address that keeps what is seen now. */
function freeze({ seen }: NowCommandInput): AddressChange {
  return (now) => ({ ...now, window: freezeWindow(now.window, seen) });
}

function timeCommands(input: NowCommandInput): readonly Command[] {
  const { address, current, go, nowMs } = input;
  const { window } = address;
  return [
    make('Time', 'time-range', 'Choose the time range', () => input.open('time-range'), { keys: 't' }),
    make('Time', 'freeze', 'Freeze what is seen now', () => go(freeze(input)), {
      keys: 'f',
      says: () => 'Frozen',
      isAvailable: () => current().window.kind === 'live',
    }),
    make('Time', 'now', 'Back to now', () => go((now) => ({ ...now, window: goLive(now.window) })), {
      keys: '.',
      says: () => 'Live',
      isAvailable: () => current().window.kind === 'fixed',
    }),
    make(
      'Time',
      'zoom-out',
      'Zoom out',
      () => go((now) => ({ ...now, window: zoomOut(now.window, nowMs()) ?? now.window })),
      { keys: '-', isAvailable: () => zoomOut(current().window, nowMs()) !== null },
    ),
    make(
      'Time',
      'zone',
      address.isLocal ? 'Show times in UTC' : 'Show times in the local zone',
      () => go((now) => ({ ...now, isLocal: !now.isLocal })),
      { keys: 'u', says: () => (current().isLocal ? 'Times in the local zone' : 'Times in UTC') },
    ),
    ...NAMED_RANGES.map((name) =>
      make('Time', `range-${name}`, RANGE_WORDS[name].long, () => go(setRange(name)), {
        isChosen: window.kind === 'live' && window.name === name,
      }),
    ),
  ];
}

function nextScale(scale: ChartScale): ChartScale {
  return CHART_SCALES[(CHART_SCALES.indexOf(scale) + 1) % CHART_SCALES.length] ?? 'level';
}

function chartCommands({ address, current, go }: NowCommandInput): readonly Command[] {
  const { scale, asTable, hasMarks } = address;
  return [
    make(
      'Charts',
      'next-scale',
      'Next axis: level, index, log',
      () => go((now) => ({ ...now, scale: nextScale(now.scale) })),
      {
        keys: 'l',
        says: () => SCALE_WORDS[current().scale],
      },
    ),
    ...CHART_SCALES.map((choice) =>
      make('Charts', `scale-${choice}`, SCALE_WORDS[choice], () => go(set({ scale: choice })), {
        isChosen: choice === scale,
      }),
    ),
    make(
      'Charts',
      'table',
      asTable ? 'Show all charts as charts' : 'Show all charts as tables',
      () => go((now) => ({ ...now, asTable: !now.asTable })),
      { keys: 'v', says: () => (current().asTable ? 'Tables' : 'Charts') },
    ),
    make(
      'Charts',
      'marks',
      hasMarks ? 'Hide deploys on the charts' : 'Show deploys on the charts',
      () => go((now) => ({ ...now, hasMarks: !now.hasMarks })),
      { keys: 'd', says: () => (current().hasMarks ? 'Deploys are marked' : 'Deploys are hidden') },
    ),
  ];
}
