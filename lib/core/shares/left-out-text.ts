import type { FrozenCopy } from '../model/share.ts';

type LeftOut = FrozenCopy['leftOut'][number];

const LEFT_OUT_WORDS: Record<LeftOut['what'], string> = {
  hosts: 'host names',
  machines: 'machine names and ids',
  regions: 'regions',
  queries: 'query text',
  people: 'names of people',
  money: 'amounts of money',
  secrets: 'secrets',
  hidden: 'hidden lines of the timeline',
};

/** What was taken out: `Host names (3), regions (1). All other numbers are complete.` */
export function leftOutText(leftOut: readonly LeftOut[]): string {
  const seen = leftOut.filter(({ count }) => count > 0);
  if (seen.length === 0) return 'Nothing was left out of it.';
  const list = seen.map(({ what, count }) => `${LEFT_OUT_WORDS[what]} (${count})`).join(', ');
  const whole = seen.some(({ what }) => what === 'money')
    ? 'All other numbers are complete.'
    : 'Numbers are complete.';
  return `${list.charAt(0).toUpperCase()}${list.slice(1)}. ${whole}`;
}
