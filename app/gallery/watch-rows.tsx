'use client';

import type { ReactNode } from 'react';
import { STORY_MARKS, STORY_NOW_MS } from '@/components/fixtures/story.ts';
import { watchOf } from '@/components/fixtures/watch.ts';
import {
  checkOf,
  detailOf,
  interruptedDetail,
  storyDetail,
  storyForecasts,
  verdictOf,
} from '@/components/fixtures/watch-detail.ts';
import { WatchCharts } from '@/components/panels/watch-charts.tsx';
import { WatchChecks } from '@/components/panels/watch-checks.tsx';
import { WatchClaims } from '@/components/panels/watch-claims.tsx';
import { WatchFollowUps } from '@/components/panels/watch-follow-ups.tsx';
import { WatchGuards, WatchHistory } from '@/components/panels/watch-history.tsx';
import { WatchMachines } from '@/components/panels/watch-machines.tsx';
import { WatchVerdict } from '@/components/panels/watch-verdict.tsx';
import type { WatchDetail } from '@/lib/core/model/watch.ts';
import { Row, SharedCharts } from './frame.tsx';

const LONG =
  'averyveryverylongnamewithoutanyblankthatnobodycouldeverbreak/of/a/thing/that/a/person/has/called/so';
const nothing = () => {};

/** Everything long at once, and many of it. */
function longDetail(): WatchDetail {
  const base = interruptedDetail();
  const [claim] = base.view.claims;
  const claims = Array.from({ length: 34 }, (_, n) => ({
    ...(claim ?? { id: '' }),
    id: `c${n}`,
    title: n === 0 ? LONG : `Claim ${n + 1}`,
  }));
  return {
    ...base,
    view: watchOf({ ...base.view, release: LONG, claims: claims as typeof base.view.claims }),
    verdicts: Object.fromEntries(claims.map(({ id }) => [id, verdictOf({ why: LONG, caps: [LONG, LONG] })])),
    checks: [
      checkOf({ id: 'a', title: LONG, automatic: false }),
      checkOf({
        id: 'b',
        title: LONG,
        state: 'done',
        evidence: LONG,
        automatic: false,
        signed: { by: LONG.slice(0, 64), atMs: STORY_NOW_MS, note: LONG },
      }),
    ],
    override: { state: 'worse', by: LONG.slice(0, 64), reason: LONG, atMs: STORY_NOW_MS },
    notChecked: [{ guard: 'machines', why: LONG }],
    machines: {
      onRelease: 0,
      of: 40,
      convergedMs: null,
      rows: Array.from({ length: 40 }, (_, n) => ({
        name: `${LONG}-${n}`,
        version: LONG,
        onRelease: n % 3 === 0 ? null : n % 2 === 0,
        seenMs: STORY_NOW_MS,
      })),
    },
  };
}

/** The panels of the page of a deploy that is watched. */
export function WatchRows() {
  const [story, cut, long, none] = [storyDetail(), interruptedDetail(), longDetail(), detailOf()];
  const overridden = interruptedDetail({
    override: { state: 'met', by: 'Ada', reason: 'The provider’s bill shows it.', atMs: STORY_NOW_MS },
  });
  return (
    <SharedCharts page={{ marks: STORY_MARKS, origin: null }} scale="level">
      <Row title="Verdict" note="What a person says stands beside it.">
        <Stack>
          {[story, cut, overridden, long].map((detail, n) => (
            <WatchVerdict
              // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes.
              key={n}
              detail={detail}
              sentence={{
                verdict: 'v1203 kept two of its seven promises so far and missed one.',
                limit: 'The one that mattered can’t be told.',
              }}
              isBusy={false}
              onWithdraw={nothing}
            />
          ))}
        </Stack>
      </Row>
      <Row title="Claims of a watch">
        <Stack>
          <WatchClaims detail={cut} forecasts={[]} />
          <WatchClaims detail={story} forecasts={storyForecasts()} />
          <WatchClaims detail={long} forecasts={[]} />
          <WatchClaims detail={none} forecasts={[]} />
        </Stack>
      </Row>
      <Row title="Checklist">
        <Stack>
          {[cut, story, long, none].map((detail, n) => (
            <WatchChecks
              // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes.
              key={n}
              detail={detail}
              isBusy={false}
              onSign={nothing}
              onUnsign={nothing}
            />
          ))}
        </Stack>
      </Row>
      <Row title="Before and after">
        <WatchCharts detail={cut} claims={[]} asOfMs={STORY_NOW_MS} receivedAtMs={null} />
      </Row>
      <Row title="Machines converging">
        <Stack>
          <WatchMachines detail={cut} />
          <WatchMachines detail={story} />
          <WatchMachines detail={long} />
          <WatchMachines detail={none} />
        </Stack>
      </Row>
      <Row title="History and what nobody could check">
        <Stack>
          <WatchHistory detail={cut} />
          <WatchHistory detail={none} />
          <WatchGuards notChecked={long.notChecked} />
          <WatchFollowUps
            followUps={cut.followUps}
            nowMs={STORY_NOW_MS + 30 * 86_400_000}
            isBusy={false}
            onChange={nothing}
          />
        </Stack>
      </Row>
    </SharedCharts>
  );
}

function Stack({ children }: Readonly<{ children: ReactNode }>) {
  return <div className="flex flex-col gap-9">{children}</div>;
}
