import { expect, it } from 'vitest';
import { HOUR_MS } from '../time/range.ts';
import type { FoundEntry } from './add-entries.ts';
import { entriesIn } from './entries-in.ts';
import { AT } from './test-incident.ts';

const entry = (id: string, atMs: number, fact: FoundEntry['fact']) => ({
  ...{ id, atMs, writtenMs: atMs, fact, title: id, detail: null, by: null, hidden: null },
});

it('what was seen outside of an incident is no part of it; what people did is, whenever it was', () => {
  const range = { startMs: AT, endMs: AT + HOUR_MS };
  const seen = { kind: 'mode', mode: 'active' } as const;
  const entries = [
    entry('before', AT - 1, seen),
    entry('in', AT, seen),
    entry('after', AT + HOUR_MS, seen),
    entry('note', AT + 2 * HOUR_MS, { kind: 'note', markdown: 'why it was' }),
  ];
  expect(entriesIn(entries, range).map(({ id }) => id)).toEqual(['in', 'note']);
});
