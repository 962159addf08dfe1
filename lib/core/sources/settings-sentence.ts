import { type Acts, addActs, NO_ACTS } from '../budget/acts.ts';
import type { SentenceView } from '../model/view.ts';
import { valueText } from '../units/format-value.ts';
import { formatMoney } from '../units/money.ts';
import { dayCostOf, usdOf } from './cost.ts';
import type { SettingsView, SourceSettingView } from './settings-view.ts';

/** How many sources are read, what keeps the others from it, and what a day of watching costs. */
export function settingsSentence({ sources }: Pick<SettingsView, 'sources'>): SentenceView {
  const failing = sources.filter(({ error, state }) => error !== null && state !== 'asleep');
  const starting = sources.filter(({ state }) => state === 'starting').length;
  return { verdict: verdictOf(sources.length, failing, starting), limit: costSentence(sources) };
}

/** What a day costs: by the latest visits where there were any, else by the calls of its kind. */
export function expectedDay({ costADay, shape }: SourceSettingView): Acts {
  return costADay ?? dayCostOf(shape);
}

function verdictOf(count: number, failing: readonly SourceSettingView[], starting: number): string {
  const noun = count === 1 ? 'source' : 'sources';
  if (count === 0) return 'Nothing is watched yet.';
  const [first, second] = failing;
  if (first !== undefined)
    return second === undefined
      ? `${first.name} cannot be read; ${count - 1} of ${count} ${noun} can.`
      : `${failing.length} of ${count} ${noun} cannot be read.`;
  if (starting > 0) return `${count - starting} of ${count} ${noun} were read, the others are starting.`;
  return count === 1 ? 'The one source is read.' : `All ${count} sources are read.`;
}

function costSentence(sources: readonly SourceSettingView[]): string | null {
  if (sources.length === 0) return null;
  const day = sources.map(expectedDay).reduce(addActs, NO_ACTS);
  const billed = sources.flatMap((source) => usdOf(source.shape, expectedDay(source)) ?? []);
  const money =
    billed.length === 0
      ? 'none of them billed'
      : `${formatMoney(billed.reduce((sum, usd) => sum + usd, 0))} of it at list price`;
  return `Watching costs about ${shortActs(day)} a day, ${money}.`;
}

/** `17.3K commands and 69.4K queries`: connects are no work of a source worth a word here. */
function shortActs({ commands, queries, requests }: Acts): string {
  const parts = (
    [
      [commands, 'commands'],
      [queries, 'queries'],
      [requests, 'requests'],
    ] as const
  ).flatMap(([count, unit]) => (count < 0.5 ? [] : [`${valueText(Math.round(count), unit)} ${unit}`]));
  if (parts.length === 0) return 'nothing';
  return parts.length === 1 ? parts.join() : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
