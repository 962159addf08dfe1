import type { WhyFacts } from './why.ts';
import { countText, eventsText, lowerFirst, upperFirst } from './why-words.ts';

/** The same for events that are counted one by one, where a percentage says little. */
export function tellCount(
  { state, isOver }: Pick<WhyFacts, 'state' | 'isOver'>,
  { events, hours, usualEvents, canTell }: NonNullable<WhyFacts['counted']>,
): string {
  if (state === 'settling')
    return 'Too early to tell: it settles first, and the first look follows 15 min later.';
  const counted = `${upperFirst(eventsText(events))} in ${hoursText(hours)} where ${usually(usualEvents)}`;
  if (!canTell) return `${counted}. Its events are too rare to prove that they become more.`;
  switch (state) {
    case 'met':
      return `${counted}, which keeps the promise whatever chance did${isOver ? '' : ' so far'}.`;
    case 'mostly_met':
      return `${counted}, which is most of what was promised.`;
    case 'on_track':
      return `${counted}. That would keep the promise, but chance could still tip it.`;
    case 'off_track':
      return `${counted}. That would not keep the promise, but chance could still tip it.`;
    case 'undecided':
      return isOver
        ? `${counted}. The watch is over, and chance could tip it either way.`
        : `${counted}. Chance could still tip it either way when the watch is over.`;
    case 'failing':
      return `${counted}. That is more than chance and not what was promised.`;
    case 'missed':
      return `${counted}, which is not what was promised.`;
    case 'worse':
      return `${counted}: the wrong way, and not by chance.`;
    case 'relapsed':
      return `It kept the promise and lost it again: ${lowerFirst(counted)}.`;
    default:
      return state satisfies never;
  }
}

function usually(events: number): string {
  if (events < 0.05) return 'there usually is none';
  const count = events < 10 ? String(Math.round(10 * events) / 10) : countText(events);
  return `${count} ${count === '1' ? 'is' : 'are'} usual`;
}

function hoursText(hours: number): string {
  if (hours < 1) return `${Math.round(60 * hours)} min`;
  return `${hours < 10 ? Math.round(10 * hours) / 10 : Math.round(hours)} h`;
}
