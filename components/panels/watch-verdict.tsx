'use client';

import { CLAIM_STATES } from '@/lib/core/model/claim.ts';
import type { SentenceView } from '@/lib/core/model/view.ts';
import type { WatchDetail } from '@/lib/core/model/watch.ts';
import { formatStamp } from '@/lib/core/units/clock.ts';
import { useChartPage } from '../charts/chart-page.ts';
import { Button } from '../ui/button.tsx';
import { Glyph } from '../ui/glyph.tsx';
import { Status } from '../ui/status.tsx';
import { Sentence } from './sentence.tsx';
import { CLAIM_WORDS, claimWords, isProvisional } from './watch-words.ts';

interface WatchVerdictProps {
  detail: Pick<WatchDetail, 'view' | 'override'>;
  sentence: SentenceView;
  isBusy: boolean;
  onWithdraw: () => void;
}

/** The verdict: its state, the sentence, how many claims stand where, and beside it what a person said instead. */
export function WatchVerdict({ detail, sentence, isBusy, onWithdraw }: Readonly<WatchVerdictProps>) {
  const { zone } = useChartPage();
  const { view, override } = detail;
  const words = claimWords(view, zone);
  return (
    <>
      <Sentence sentence={sentence} />
      <p className="mt-4 flex flex-wrap items-center gap-x-5 gap-y-1.5">
        <span className="sr-only">The deploy: </span>
        <span className="inline-flex rounded-control border border-line-strong bg-surface px-2 py-1">
          <Status {...words} />
        </span>
        <span className="sr-only">. Its claims: </span>
        {ORDER.filter((state) => view.counts[state] > 0).map((state) => (
          <Status
            key={state}
            glyph={glyphOf(detail, state)}
            word={`${view.counts[state]} ${CLAIM_WORDS[state].word.toLowerCase()}`}
            detail={isSoFar(detail, state) ? 'provisional' : undefined}
          />
        ))}
      </p>
      {override !== null && (
        <div className="mt-4 flex flex-wrap items-start gap-x-3 gap-y-2 border-y border-line py-3">
          <span className="mt-0.5">
            <Glyph name={CLAIM_WORDS[override.state].glyph} />
          </span>
          <p className="min-w-0 flex-1 basis-60 break-words">
            <span className="font-medium">
              {override.by} says: {CLAIM_WORDS[override.state].word.toLowerCase()}
            </span>{' '}
            <span className="text-ink-3">{formatStamp(override.atMs, 'minutes', zone)}</span>
            <span className="block text-ink-2">{override.reason}</span>
            <span className="block text-label text-ink-3">
              Measured: {words.word.toLowerCase()}
              {words.detail === undefined ? '' : `, ${words.detail}`}. It goes on being measured.
            </span>
          </p>
          <Button size="small" className="no-print" disabled={isBusy} onClick={onWithdraw}>
            Withdraw
          </Button>
        </div>
      )}
    </>
  );
}

type State = (typeof CLAIM_STATES)[number];
const DECIDED: readonly State[] = ['met', 'mostly_met', 'missed', 'worse', 'relapsed', 'failing'];
/** What is decided comes first, what nobody can tell last. */
const ORDER = [...DECIDED, ...CLAIM_STATES.filter((state) => !DECIDED.includes(state))];

/** True where every claim of that state may still be lost. */
function isSoFar({ view }: WatchVerdictProps['detail'], state: State): boolean {
  const those = view.claims.filter((claim) => claim.state === state);
  return those.length > 0 && those.every(isProvisional);
}

function glyphOf(detail: WatchVerdictProps['detail'], state: State) {
  return claimWords({ state, provisional: isSoFar(detail, state), reason: null }).glyph;
}
