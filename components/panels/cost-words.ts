import { type Acts, contactsOf } from '@/lib/core/budget/acts.ts';
import type { SourceView } from '@/lib/core/model/view.ts';
import { valueText } from '@/lib/core/units/format-value.ts';
import { formatMoney } from '@/lib/core/units/money.ts';

/** What was sent to a source today: `204 commands, 1 connect today, $0.000408`; only what was sent at all. */
export function costTodayText({ costToday, observer }: Pick<SourceView, 'costToday' | 'observer'>): string {
  const sent = actsText(costToday);
  if (sent === null) return 'nothing sent today';
  return `${sent} today${moneyText(observer.usdToday)}`;
}

/** What a day costs at the present pace: `288 commands a day, $0.000576, at most 500`; null where nobody can tell. */
export function costADayText({ aDay, usdADay, contactsADay }: SourceView['observer']): string | null {
  const sent = aDay === null ? null : actsText(aDay);
  if (aDay === null || sent === null) return null;
  const limit = contactsADay === null ? '' : `, ${limitText(contactsADay, contactsOf(aDay))}`;
  return `${sent} a day${moneyText(usdADay)}${limit}`;
}

/** Our own limit of a day, and that it would be reached. */
function limitText(limit: number, contacts: number): string {
  return contacts > limit ? `paused at ${limit}` : `at most ${limit}`;
}

function moneyText(usd: number | null): string {
  return usd === null ? '' : `, ${formatMoney(usd)}`;
}

/** `204 commands, 1 connect`; null of nothing. */
function actsText({ commands, connects, queries, requests }: Acts): string | null {
  const parts = [
    [commands, 'commands', 'command'],
    [queries, 'queries', 'query'],
    [requests, 'requests', 'request'],
    [connects, 'connects', 'connect'],
  ] as const;
  const sent = parts.filter(([count]) => count > 0);
  if (sent.length === 0) return null;
  return sent
    .map(([count, many, one]) => `${valueText(count, 'commands')} ${count === 1 ? one : many}`)
    .join(', ');
}
