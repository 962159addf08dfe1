import { clsx } from 'clsx';
import type { ImpactFigure } from '@/lib/core/model/incident.ts';
import { NO_DATA } from '@/lib/core/units/decimal.ts';
import { impactText } from '@/lib/core/units/format-impact.ts';
import { Tag } from '../ui/chip.tsx';
import { Figure } from '../ui/figure.tsx';

/** What it did, in numbers between hairlines; a number that can't be told is a dash with its reason. Nothing where none is known. */
export function IncidentImpact({ impact }: Readonly<{ impact: readonly ImpactFigure[] }>) {
  if (impact.length === 0) return null;
  return (
    <div className="@container mt-6 overflow-hidden border-y border-line">
      {/* Every cell draws the lines at its left and top; those of the first row and column lie outside. */}
      <dl className={clsx('-mt-px -ml-4.25 grid grid-cols-2', columnsOf(impact.length))}>
        {impact.map((figure) => (
          <div key={figure.id} className="flex flex-col border-t border-l border-line px-4 py-3.5">
            <dt className="order-2 text-label break-words text-ink-3">{figure.label}</dt>
            <dd className="order-1">
              <Figure value={{ text: figure.value === null ? NO_DATA : impactText(figure), suffix: '' }} />
            </dd>
            <Below figure={figure} />
          </div>
        ))}
      </dl>
    </div>
  );
}

/** How it was got, or why it can't be told. */
function Below({ figure: { value, note, why, quality } }: Readonly<{ figure: ImpactFigure }>) {
  const text = value === null ? (why ?? 'Not known.') : note;
  if (text === null && quality !== 'inferred') return null;
  return (
    <dd className="order-3 mt-0.5 text-label break-words text-ink-3">
      {text}
      {value !== null && quality === 'inferred' && (
        <>
          {text !== null && ' '}
          <Tag>inferred</Tag>
        </>
      )}
    </dd>
  );
}

function columnsOf(count: number): string {
  if (count <= 3) return '@[600px]:grid-cols-3';
  if (count === 4) return '@[600px]:grid-cols-4';
  return count === 5
    ? '@[600px]:grid-cols-3 @[1000px]:grid-cols-5'
    : '@[600px]:grid-cols-3 @[1000px]:grid-cols-6';
}
