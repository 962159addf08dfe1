import type { ReconcileSideView, ReconcileVerdict, ReconcileView } from '@/lib/core/reconcile/view.ts';
import { reconcileWindow } from '@/lib/core/reconcile/words.ts';
import { formatClock } from '@/lib/core/units/clock.ts';
import { formatDuration } from '@/lib/core/units/duration.ts';
import { exactRateText, type RateWindow } from '@/lib/core/units/format-rate.ts';
import { valueText } from '@/lib/core/units/format-value.ts';
import type { Zone } from '@/lib/core/units/zone.ts';
import type { GlyphName } from '../ui/glyph.tsx';
import { PanelFrame } from '../ui/panel-frame.tsx';
import { Status } from '../ui/status.tsx';

interface ReconciliationPanelProps {
  view: ReconcileView;
  /** The same in the second window, and what that is called; null when none is shown. */
  before: { view: ReconcileView; label: string } | null;
  zone: Zone;
}

const VERDICTS: Record<ReconcileVerdict, { glyph: GlyphName; word: string }> = {
  agree: { glyph: 'good', word: 'They agree' },
  elsewhere: { glyph: 'warn', word: 'From elsewhere' },
  machines_more: { glyph: 'warn_outline', word: 'More sent than seen' },
  cant_tell: { glyph: 'unknown', word: 'Can’t tell' },
};

/** Does somebody else use this Redis? The same commands as three sides counted them, and what is left over. */
export function ReconciliationPanel({ view, before, zone }: Readonly<ReconciliationPanelProps>) {
  const seen = view.sides.find(({ perSecond }) => perSecond !== null)?.perSecond ?? null;
  const window = reconcileWindow(seen);
  return (
    <PanelFrame
      title="Reconciliation"
      question="Does anybody else use this Redis?"
      state={{ kind: 'ready' }}
      aside={<Status {...VERDICTS[view.verdict]} />}
    >
      <p className="mb-3 max-w-180 text-prose" data-testid="reconcile-sentence">
        {view.sentence}
      </p>
      <dl className="grid grid-cols-1 gap-x-8 gap-y-3 tablet:grid-cols-4">
        {view.sides.map((side) => (
          <Side key={side.key} side={side} window={window} />
        ))}
        <div className="min-w-0">
          <dt className="text-label text-ink-3">Remainder</dt>
          <dd>
            <span className="text-figure-phone tabular-nums" data-testid="reconcile-remainder">
              {remainderText(view, window)}
            </span>
            <span className="block text-label text-ink-3">{boundWords(view, window)}</span>
          </dd>
        </div>
      </dl>
      <div className="mt-3 text-label text-ink-3">
        {view.range !== null && (
          <p>
            {`Compared: ${formatClock(view.range.startMs, 'seconds', zone)} to ${formatClock(view.range.endMs, 'seconds', zone)}, the stretch that all of them cover.`}
          </p>
        )}
        {view.notes.map((note) => (
          <p key={note}>{note}</p>
        ))}
        {before !== null && (
          <p>
            {before.label}: {before.view.sentence}
          </p>
        )}
      </div>
    </PanelFrame>
  );
}

/** Below the bound there is no figure to name: only that it is smaller. */
function remainderText(
  { verdict, remainderPerSecond, boundPerSecond }: ReconcileView,
  window: RateWindow,
): string {
  return verdict === 'agree'
    ? `under ${exactRateText(boundPerSecond, window)}`
    : exactRateText(remainderPerSecond, window);
}

function boundWords({ verdict, boundPerSecond }: ReconcileView, window: RateWindow): string {
  if (boundPerSecond === null) return 'A side is missing.';
  return verdict === 'agree'
    ? 'As much can come from timing and sampling alone.'
    : `Timing and sampling explain up to ${exactRateText(boundPerSecond, window)} of it.`;
}

function Side({ side, window }: Readonly<{ side: ReconcileSideView; window: RateWindow }>) {
  return (
    <div className="min-w-0">
      <dt className="text-label text-ink-3">{side.name}</dt>
      <dd>
        <span className="text-figure-phone tabular-nums">{exactRateText(side.perSecond, window)}</span>
        <span className="block text-label text-ink-3">{side.missing ?? sideWords(side)}</span>
      </dd>
    </div>
  );
}

/** `covers all of it, tells 1 m late, sampled`. */
function sideWords({ coveredShare, lagMs, quality }: ReconcileSideView): string {
  const parts = [
    coveredShare > 0.995 ? 'Covers all of it' : `Covers ${valueText(coveredShare, 'ratio')}`,
    ...(lagMs >= 1_000 ? [`tells ${formatDuration(lagMs)} late`] : []),
    ...(quality === 'measured' ? [] : ['sampled']),
  ];
  return `${parts.join(', ')}.`;
}
