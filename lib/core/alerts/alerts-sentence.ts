import { type AlertView, alertStanding, countFiring } from '../model/alert.ts';
import type { SentenceView } from '../model/view.ts';

/** What needs a person now, in one sentence, and what else stands, in another. `alerts` in the order of the list. */
export function writeAlertsSentence(alerts: readonly AlertView[] | null, nowMs: number): SentenceView {
  if (alerts === null) return { verdict: 'Rules have not been evaluated yet.', limit: null };
  const standings = alerts.map((alert) => ({ alert, standing: alertStanding(alert, nowMs) }));
  const firing = countFiring(alerts, nowMs);
  const first = standings.find(
    ({ alert, standing }) => alert.state === 'firing' && standing !== 'silenced' && standing !== 'inhibited',
  );
  const count = (...kinds: string[]) => standings.filter(({ standing }) => kinds.includes(standing)).length;
  const pending = standings.filter(
    ({ alert, standing }) => alert.state === 'pending' && standing !== 'silenced' && standing !== 'inhibited',
  ).length;
  const rest = [
    said(pending, 'waits for a second look', 'wait for a second look'),
    said(count('recovering'), 'is clearing', 'are clearing'),
    said(count('silenced'), 'is silenced', 'are silenced'),
    said(count('inhibited'), 'is held back', 'are held back'),
  ].filter((part) => part !== null);
  return {
    verdict: verdictOf(firing, first?.alert.title ?? ''),
    limit: rest.length === 0 ? null : `${capital(rest.join(', '))}.`,
  };
}

function verdictOf(firing: number, title: string): string {
  if (firing === 0) return 'Nothing needs a person.';
  if (firing === 1) return `One alert needs a person: ${lower(title)}.`;
  return `${firing} alerts need a person, first: ${lower(title)}.`;
}

function said(count: number, one: string, many: string): string | null {
  if (count === 0) return null;
  return count === 1 ? `one alert ${one}` : `${count} alerts ${many}`;
}

function capital(text: string): string {
  return `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`;
}

/** Within a sentence a title begins small, unless its first word is a name, and has no colon of its own. */
function lower(title: string): string {
  const text = title.replace(': ', ', ');
  return /^(Mixed|The) /.test(text) ? `${text[0]?.toLowerCase()}${text.slice(1)}` : text;
}
