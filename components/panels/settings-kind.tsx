'use client';

import { clsx } from 'clsx';
import { actsText, beatText, callsOf, dayCostOf, usdOf } from '@/lib/core/sources/cost.ts';
import { SOURCE_SPECS } from '@/lib/core/sources/index.ts';
import type { SourceShape } from '@/lib/core/sources/source-kind.ts';
import { formatMoney } from '@/lib/core/units/money.ts';
import { Glyph } from '../ui/glyph.tsx';
import { CopyBlock } from './settings-copy.tsx';

const HEAD = 'mb-1 text-label text-ink-3';

const WHERE = {
  shell: 'in a shell',
  sql: 'in SQL',
  'redis-cli': 'in redis-cli',
  'afterwatch.yml': 'in afterwatch.yml',
  console: 'in its console',
} as const;

/** Panels that a source brings. `lit`: whether each has ever had a number from it; null for a kind that nobody has set up. */
export function SourceLights({
  shape,
  lit,
}: Readonly<{ shape: SourceShape; lit: readonly boolean[] | null }>) {
  return (
    <div>
      <h4 className={HEAD}>{lit === null ? 'Would light up' : 'Lights up'}</h4>
      <ul className="grid gap-x-6 gap-y-0.5 tablet:grid-cols-2">
        {SOURCE_SPECS[shape.kind].lights.map(({ panel }, i) => (
          <li key={panel} className={clsx('flex items-center gap-2', lit?.[i] === false && 'text-ink-3')}>
            {lit !== null && <Glyph size={14} name={lit[i] === true ? 'good_outline' : 'nothing'} />}
            <span>
              {panel}
              {lit?.[i] === false && ' · no number yet'}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Exact calls of a source at its pace, how often, and what a day of them comes to. */
export function SourceCalls({ shape }: Readonly<{ shape: SourceShape }>) {
  const calls = callsOf(shape);
  const { price } = SOURCE_SPECS[shape.kind];
  const usd = usdOf(shape, dayCostOf(shape));
  return (
    <div className="min-w-0">
      <h4 className={HEAD}>Exact calls</h4>
      {calls.length > 0 && (
        <table className="w-full border-collapse">
          <thead className="sr-only">
            <tr>
              <th scope="col">Call</th>
              <th scope="col">How often</th>
              <th scope="col">A day</th>
            </tr>
          </thead>
          <tbody>
            {calls.map(({ text, why, beat, perDay }) => (
              <tr key={text} className="border-t border-line align-top first:border-t-0">
                <th scope="row" className="py-1 pr-3">
                  <code className="font-mono text-mono break-all">{text}</code>
                  {why !== undefined && <span className="block text-label text-ink-3">{why}</span>}
                  <span className="block text-ink-3 tablet:hidden">{beatText(beat, shape)}</span>
                </th>
                <td className="py-1 pr-3 whitespace-nowrap text-ink-2 max-tablet:hidden">
                  {beatText(beat, shape)}
                </td>
                <td className="py-1 text-right whitespace-nowrap text-ink-2">
                  {perDay === null ? 'once' : perDay.toLocaleString('en-US')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p className="mt-1 text-ink-2">
        {calls.length > 0 && `On a quiet day ${actsText(dayCostOf(shape))}`}
        {usd !== null && `, ${formatMoney(usd)} a day`}
        {calls.length > 0 && '. '}
        <span className="text-ink-3">{price}</span>
      </p>
    </div>
  );
}

/** The least that a source needs, to copy. */
export function SourceGrants({
  shape: { kind },
  onCopy,
}: Readonly<{ shape: SourceShape; onCopy: (text: string) => void }>) {
  const { grants, docs } = SOURCE_SPECS[kind];
  return (
    <div className="min-w-0">
      <h4 className={HEAD}>The least that it needs</h4>
      {grants.map(({ title, where, text }) => (
        <div key={text} className="not-first:mt-2.5">
          <p className="text-ink-2">
            {title} <span className="text-ink-3">{WHERE[where]}</span>
          </p>
          <CopyBlock text={text} label={title.toLowerCase()} onCopy={onCopy} />
        </div>
      ))}
      <p className="mt-1.5 text-label text-ink-3">
        More in <code className="font-mono">{docs}</code>
      </p>
    </div>
  );
}
