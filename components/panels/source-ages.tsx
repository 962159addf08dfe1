'use client';

import { SOURCE_KINDS, type SourceKind } from '@/lib/core/model/target.ts';
import type { SourceView } from '@/lib/core/model/view.ts';
import { Age } from '../ui/age.tsx';
import { KIND_WORDS } from './words.ts';

/** Age of each kind of source; of several the oldest, because that is the one that matters. */
export function SourceAges({
  sources,
  receivedAtMs,
}: Readonly<{ sources: readonly SourceView[]; receivedAtMs: number | null }>) {
  const kinds = SOURCE_KINDS.flatMap((kind): { kind: SourceKind; ageMs: number | null }[] => {
    const ages = sources.filter((source) => source.kind === kind).map(({ ageMs }) => ageMs);
    if (ages.length === 0) return [];
    return [
      { kind, ageMs: ages.some((age) => age === null) ? null : Math.max(...ages.map((age) => age ?? 0)) },
    ];
  });
  return (
    <ul
      aria-label="Age of each source"
      className="flex shrink-0 gap-3.5 pl-2 text-label text-ink-3 max-wide:hidden"
    >
      {kinds.map(({ kind, ageMs }) => (
        <li key={kind} className="whitespace-nowrap">
          {KIND_WORDS[kind]}{' '}
          <span className="text-ink-2">
            <Age ageMs={ageMs} receivedAtMs={receivedAtMs} ago={false} />
          </span>
        </li>
      ))}
    </ul>
  );
}
