import { type AlertView, alertStanding } from '../model/alert.ts';
import type { SentenceView } from '../model/view.ts';
import { formatStamp } from '../units/clock.ts';
import type { Maintenance } from './maintenance.ts';

/**
 * What needs a person now, in one sentence, and what else stands, in others: also that nobody is told of alerts now.
 * `alerts` in the order of the list.
 */
export function writeAlertsSentence(
  alerts: readonly AlertView[] | null,
  nowMs: number,
  maintenance: readonly Maintenance[] = [],
): SentenceView {
  if (alerts === null) return { verdict: 'Rules have not been evaluated yet.', limit: null };
  const standings = alerts.map((alert) => ({ alert, standing: alertStanding(alert, nowMs) }));
  const told = standings.filter(({ standing }) => standing !== 'silenced' && standing !== 'inhibited');
  const firing = told.filter(({ alert }) => alert.state === 'firing').map(({ alert }) => alert);
  const urgent = firing.filter(({ severity }) => severity !== 'info');
  const patient = firing.filter(({ severity }) => severity === 'info');
  const count = (...kinds: string[]) => standings.filter(({ standing }) => kinds.includes(standing)).length;
  const pending = told.filter(({ alert }) => alert.state === 'pending').length;
  const rest = [
    said(urgent.length === 0 ? 0 : patient.length, 'can wait', 'can wait'),
    said(pending, 'waits for a second look', 'wait for a second look'),
    said(count('recovering'), 'is clearing', 'are clearing'),
    said(count('silenced'), 'is silenced', 'are silenced'),
    said(count('inhibited'), 'is held back', 'are held back'),
  ].filter((part) => part !== null);
  const limits = [
    rest.length === 0 ? null : `${capital(rest.join(', '))}.`,
    quietWords(maintenance, nowMs),
  ].filter((limit) => limit !== null);
  return { verdict: verdictOf(urgent, patient), limit: limits.length === 0 ? null : limits.join(' ') };
}

/** The window that runs and lasts longest, one for all alerts before one for some. */
function quietWords(maintenance: readonly Maintenance[], nowMs: number): string | null {
  const [longest] = maintenance
    .filter(({ startMs, endMs }) => startMs <= nowMs && nowMs < endMs)
    .sort((a, b) => Number(a.rules.length > 0) - Number(b.rules.length > 0) || b.endMs - a.endMs);
  if (longest === undefined) return null;
  const what = longest.rules.length === 0 ? 'alerts' : 'some alerts';
  return `Nobody is told of ${what} until ${formatStamp(longest.endMs)}, maintenance: ${longest.reason}.`;
}

function verdictOf(urgent: readonly AlertView[], patient: readonly AlertView[]): string {
  const [first] = urgent.length === 0 ? patient : urgent;
  const title = lower(first?.title ?? '');
  if (urgent.length === 1) return `One alert needs a person: ${title}.`;
  if (urgent.length > 1) return `${urgent.length} alerts need a person, first: ${title}.`;
  if (patient.length === 0) return 'Nothing needs a person.';
  if (patient.length === 1) return `Nothing needs a person now. One alert can wait: ${title}.`;
  return `Nothing needs a person now. ${patient.length} alerts can wait, first: ${title}.`;
}

function said(count: number, one: string, many: string): string | null {
  if (count === 0) return null;
  return count === 1 ? `one alert ${one}` : `${count} alerts ${many}`;
}

function capital(text: string): string {
  return `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`;
}

/** First words of titles that are no names. */
const COMMON =
  /^(Mixed|The|Circuit|Cost|Quota|Pools|Kept|Version|Commands|Database|Requests|Responses|Answers|Latency) /;

/** Within a sentence a title begins small, unless its first word is a name, and has no colon of its own. */
function lower(title: string): string {
  const text = title.replace(': ', ', ');
  return COMMON.test(text) ? `${text[0]?.toLowerCase()}${text.slice(1)}` : text;
}
