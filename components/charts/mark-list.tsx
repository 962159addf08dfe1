import { listMarks, type MarkItem } from '@/lib/core/chart/marks.ts';
import type { MarkView, OriginView } from '@/lib/core/model/view.ts';
import type { TimeRange } from '@/lib/core/time/range.ts';
import type { Zone } from '@/lib/core/units/zone.ts';

interface MarkListProps {
  marks: readonly MarkView[];
  range: TimeRange;
  origin: OriginView | null;
  zone: Zone;
}

/** The deploys that a chart marks as a list, newest first; also the one it stands at its edge for. */
export function MarkList({ marks, range, origin, zone }: Readonly<MarkListProps>) {
  const items = listMarks(marks, range, zone, origin);
  if (items.length === 0) return null;
  return (
    <div className="border-b border-line py-2">
      <h3 className="text-label text-ink-3">Deploys in this range</h3>
      <ul>
        {items.map((item) => (
          <li key={item.id} className="flex flex-wrap items-baseline gap-x-2">
            {item.href === null ? (
              <span className="font-medium">{item.release}</span>
            ) : (
              <a href={item.href} className="font-medium underline decoration-line-ink underline-offset-2">
                {item.release}
              </a>
            )}
            <time dateTime={new Date(item.startMs).toISOString()} className="text-ink-2">
              {item.time}
            </time>
            <span className="text-ink-3">{remarkOf(item)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function remarkOf({ since, what, rolled, side }: MarkItem): string {
  const outside = side === 'before' ? 'before this range' : side === 'after' ? 'after this range' : null;
  return [since, what, rolled, outside].filter((part) => part !== null).join(', ');
}
