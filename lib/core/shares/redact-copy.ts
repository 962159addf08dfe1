import type { z } from 'zod';
import type { FrozenCopy, ShareSwitches } from '../model/share.ts';
import { clipToRange, findOutside } from './clip-to-range.ts';
import { parseCopy } from './copy-schema.ts';
import { neutralIds } from './neutral-ids.ts';
import { makeRedactor, type ShareNames } from './redact.ts';
import { withoutMoney } from './without-money.ts';

/** What a copy is cleaned with. */
export interface Cleaning {
  switches: ShareSwitches;
  names: ShareNames;
  /** Takes secrets out of a text and says how many there were. */
  clean: (text: string) => { text: string; count: number };
  /** Entries that a person has hidden, which were never part of it. */
  hidden: number;
}

/**
 * The copy as it may leave: nothing outside of its range, no id and no link of ours, no secret, and no name of what is
 * switched off. Throws where a field is in it that may not leave, or a row outside of the range is left.
 */
export function redactCopy(raw: FrozenCopy, { switches, names, clean, hidden }: Cleaning): FrozenCopy {
  const redactor = makeRedactor(names, switches, clean);
  const inside = neutralIds(clipToRange(raw));
  const paid = switches.money ? inside : withoutMoney(inside, (key) => redactor.leave('money', key));
  const anonymous = switches.people ? paid : withoutPeople(paid, (by) => redactor.leave('people', by));
  const parsed = parseCopy({ ...anonymous, leftOut: [] }, redactor.text);
  if (!parsed.success)
    throw new Error(`afterwatch: a copy cannot be shared as it is: ${faultsOf(parsed.error)}`);
  const outside = findOutside(parsed.data);
  if (outside.length > 0)
    throw new Error(`afterwatch: a copy holds what lies outside of its range: ${outside.join(', ')}`);
  const leftOut: FrozenCopy['leftOut'] = [
    ...redactor.leftOut(),
    ...(hidden > 0 ? [{ what: 'hidden' as const, count: hidden }] : []),
  ];
  return { ...parsed.data, leftOut };
}

/** Whoever did something is a person; what the product saw by itself stays so. */
function withoutPeople(copy: FrozenCopy, leave: (by: string) => void): FrozenCopy {
  const hide = (by: string | null): string | null => {
    if (by === null) return null;
    leave(by);
    return 'a person';
  };
  return {
    ...copy,
    timeline: copy.timeline.map((entry) => ({ ...entry, by: hide(entry.by) })),
    actions: copy.actions.map((action) => ({ ...action, owner: hide(action.owner) })),
  };
}

/** Names of fields and never a value. */
function faultsOf(error: z.ZodError): string {
  return error.issues
    .slice(0, 5)
    .map((issue) => {
      const keys = issue.code === 'unrecognized_keys' ? ` (unknown: ${issue.keys.join(', ')})` : '';
      return `${issue.path.map(String).join('.')}${keys}`;
    })
    .join('; ');
}
