import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { renderToString } from 'react-dom/server';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { blankClaim } from '@/lib/core/deploys/draft.ts';
import { CLAIM_STATES } from '@/lib/core/model/claim.ts';
import { HOUR_MS } from '@/lib/core/time/range.ts';
import { STORY_NOW_MS } from '../fixtures/story.ts';
import { checkOf, detailOf, interruptedDetail, storyDetail } from '../fixtures/watch-detail.ts';
import { WatchCharts } from './watch-charts.tsx';
import { WatchChecks } from './watch-checks.tsx';
import { WatchFollowUps } from './watch-follow-ups.tsx';
import { WatchGuards, WatchHistory } from './watch-history.tsx';
import { WatchMachines } from './watch-machines.tsx';
import { WatchVerdict } from './watch-verdict.tsx';
import { claimWords } from './watch-words.ts';

afterEach(cleanup);
const plain = (text: string | null | undefined) => (text ?? '').replaceAll('\u00a0', ' ');
const nothing = () => {};
const SENTENCE = { verdict: 'v1203 can’t be told.', limit: 'Redis was suspended.' };
const OVERRIDE = {
  state: 'met',
  by: 'Ada',
  reason: 'The provider’s bill shows it.',
  atMs: STORY_NOW_MS,
} as const;

describe('the verdict of a watch', () => {
  const show = (detail = interruptedDetail()) =>
    render(<WatchVerdict detail={detail} sentence={SENTENCE} isBusy={false} onWithdraw={nothing} />);

  it('is one sentence, its state, and how many claims stand where; provisional is said', () => {
    show();
    expect(screen.getByRole('heading', { level: 1 }).textContent).toContain('v1203 can’t be told.');
    expect(screen.getByText('1 missed')).toBeTruthy();
    expect(screen.getByText('2 met').parentElement?.textContent).toBe('2 met provisional');
    expect(screen.getByText('Can’t tell').parentElement?.textContent).toContain('redis suspended');
  });

  it('is called provisional only where something is proven: of the rest everybody knows that it may change', () => {
    const words = CLAIM_STATES.map((state) => claimWords({ state, provisional: true, reason: null }));
    const said = CLAIM_STATES.filter((_, n) => words[n]?.detail === 'provisional');
    expect(said).toEqual(['met', 'mostly_met', 'missed', 'worse', 'relapsed']);
  });

  it('stays on show beside what a person says, which can be withdrawn', () => {
    const onWithdraw = vi.fn();
    render(
      <WatchVerdict
        detail={interruptedDetail({ override: OVERRIDE })}
        sentence={SENTENCE}
        isBusy={false}
        onWithdraw={onWithdraw}
      />,
    );
    expect(screen.getByText('Ada says: met')).toBeTruthy();
    expect(screen.getByText('The provider’s bill shows it.')).toBeTruthy();
    expect(screen.getByText(/^Measured: can’t tell, redis suspended/i)).toBeTruthy();
    expect(screen.getByRole('heading', { level: 1 }).textContent).toContain('v1203 can’t be told.');
    fireEvent.click(screen.getByRole('button', { name: 'Withdraw' }));
    expect(onWithdraw).toHaveBeenCalledOnce();
  });
});

describe('the checklist', () => {
  const show = (detail = interruptedDetail(), on = { onSign: vi.fn(), onUnsign: vi.fn() }) => {
    render(<WatchChecks detail={detail} isBusy={false} {...on} />);
    return on;
  };

  it('is in the order of its time, with the beginning and what cut it short', () => {
    show();
    const titles = screen.getAllByRole('listitem').map((item) => item.querySelector('p')?.textContent);
    expect(titles.map(plain)).toEqual([
      'v1203 begins',
      'Both machines healthy',
      'GETs begin to fall',
      '429s stay where they were',
      'Latency improves',
      'v1205',
      'GETs down by 96 %',
      'Limits still enforced',
      'Final verdict',
    ]);
    expect(screen.getByText('5 of 7 looked at')).toBeTruthy();
  });

  it('says the state in words before the evidence', () => {
    show();
    expect(screen.getByText('Failing: 731K/h, still flat at the top')).toBeTruthy();
    expect(screen.getByText('Blocked, redis suspended: Suspended by v1205 since 20:34Z')).toBeTruthy();
    expect(screen.getByText(/^Passing, provisional: p95/)).toBeTruthy();
    expect(screen.getByText('Waiting, due 17:54Z')).toBeTruthy();
  });

  it('asks a person only for what no machine can see', () => {
    const { onSign } = show();
    const buttons = screen.getAllByRole('button', { name: /^Sign: / });
    expect(buttons.map((button) => button.getAttribute('aria-label'))).toEqual([
      'Sign: Limits still enforced',
    ]);
    fireEvent.click(screen.getByRole('button', { name: 'Sign: Limits still enforced' }));
    expect(onSign).toHaveBeenCalledWith(expect.objectContaining({ id: 'limits' }));
  });

  it('shows who signed, when and with which note, and lets it be taken back', () => {
    const signed = checkOf({
      id: 's',
      title: 'Dashboard looked at',
      automatic: false,
      state: 'done',
      signed: { by: 'Ada', atMs: STORY_NOW_MS, note: 'all calm' },
    });
    const { onUnsign } = show(detailOf({ checks: [signed] }));
    expect(screen.getByText(/Signed by Ada, 10 Apr 00:50Z: all calm/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: /^Sign: / })).toBeNull();
    fireEvent.click(screen.getByRole('button', { name: 'Take the tick back: Dashboard looked at' }));
    expect(onUnsign).toHaveBeenCalledWith(signed);
  });
});

describe('machines', () => {
  it('that do not run the release come first, and one that does not tell is no machine that does', () => {
    render(<WatchMachines detail={storyDetail()} />);
    const rows = screen.getAllByRole('row').slice(1);
    expect(rows.map((row) => row.textContent)).toEqual([
      '9185e2bcv1203Not on it',
      expect.stringMatching(/^c72e9810–no dataNot told$/),
      expect.stringMatching(/^3d8dd7a1v1206On it since 22:12:00Z, T\+00:02$/),
    ]);
    expect(screen.getByText('1 of 2')).toBeTruthy();
    expect(screen.getByText('The summary counts on 3; 2 run.')).toBeTruthy();
  });

  it('that all run it say after how long', () => {
    render(<WatchMachines detail={interruptedDetail()} />);
    expect(plain(screen.getByText(/^2 of 2 after/).textContent)).toBe('2 of 2 after 2 m 44 s');
  });

  it('of which nothing is known say so', () => {
    render(<WatchMachines detail={detailOf()} />);
    expect(screen.getByText('No machine tells which release it runs.')).toBeTruthy();
  });
});

describe('the history', () => {
  it('tells each change with its claim, from what to what, and the evidence', () => {
    render(<WatchHistory detail={interruptedDetail()} />);
    const [first, second] = screen.getAllByRole('listitem');
    expect(plain(first?.textContent)).toContain('Database queries fall by 74.0 %');
    expect(plain(first?.textContent)).toContain('Off track→ to Missed');
    expect(plain(first?.textContent)).toContain('T+04:10');
    expect(plain(second?.textContent)).toContain('v1203 as a whole');
    expect(plain(second?.textContent)).toContain('Redis suspended by v1205');
  });

  it('of a note that changes no state shows no arrow', () => {
    const changes = [
      {
        atMs: STORY_NOW_MS,
        claimId: null,
        from: 'on_track',
        to: 'on_track',
        provisional: false,
        reason: null,
        evidence: 'Ada took back the tick of “Latency” by Bob',
      },
    ] as const;
    render(<WatchHistory detail={detailOf({ changes })} />);
    expect(screen.getByRole('listitem').textContent).not.toContain('→');
    expect(screen.getByText(/Ada took back/)).toBeTruthy();
  });

  it('shows the first ten, the rest on request', () => {
    const changes = Array.from({ length: 14 }, (_, n) => ({
      atMs: STORY_NOW_MS - n * HOUR_MS,
      claimId: null,
      from: 'on_track' as const,
      to: 'off_track' as const,
      provisional: false,
      reason: null,
      evidence: `${n}`,
    }));
    render(<WatchHistory detail={detailOf({ changes })} />);
    expect(screen.getAllByRole('listitem')).toHaveLength(10);
    fireEvent.click(screen.getByRole('button', { name: 'Show all 14 changes' }));
    expect(screen.getAllByRole('listitem')).toHaveLength(14);
  });
});

describe('what nobody could check, and what comes next', () => {
  it('names each guard with its reason, and is absent where all were looked at', () => {
    const { rerender } = render(<WatchGuards notChecked={interruptedDetail().notChecked} />);
    expect(screen.getByText('No source counts the requests of this app.')).toBeTruthy();
    expect(screen.getByText('Each keeps the verdict provisional.')).toBeTruthy();
    rerender(<WatchGuards notChecked={[]} />);
    expect(screen.queryByRole('region')).toBeNull();
  });

  it('follow-ups say who takes them and when they are due; one that is late says so', () => {
    const { followUps } = interruptedDetail();
    const { rerender } = render(
      <WatchFollowUps followUps={followUps} nowMs={STORY_NOW_MS} isBusy={false} onChange={nothing} />,
    );
    const [open, done] = screen.getAllByRole('listitem');
    expect(open?.textContent).toContain('Ines, due 16 Apr 17:54Z');
    expect(done?.textContent).toContain('nobody yet, done by Ada, 9 Apr 19:54Z');
    expect(screen.getByText('1 open')).toBeTruthy();
    rerender(
      <WatchFollowUps
        followUps={followUps}
        nowMs={STORY_NOW_MS + 30 * 24 * HOUR_MS}
        isBusy={false}
        onChange={nothing}
      />,
    );
    expect(within(screen.getAllByRole('listitem')[0] as HTMLElement).getByText('Overdue')).toBeTruthy();
  });
});

describe('before and after', () => {
  it('has a chart for each measured claim, called by what it is measured by, and a reason where there is none', () => {
    const claim = { ...blankClaim('GETs: 733K/h → 24K/h', 3), id: 'gets', metric: 'redis_commands_total' };
    const held = { ...claim, labels: { cmd: 'get' }, standing: 'confirmed', edited: false } as const;
    const detail = interruptedDetail();
    render(<WatchCharts detail={detail} claims={[held]} asOfMs={STORY_NOW_MS} receivedAtMs={null} />);
    expect(screen.getAllByRole('heading', { level: 2 }).map(({ textContent }) => textContent)).toEqual([
      'Before and after',
      'Redis GETs',
      'Database queries',
      '429 responses',
      'Connections',
    ]);
    expect(screen.getByText('No sample of it in this time.')).toBeTruthy();
  });
});

describe('every part', () => {
  it('is drawn by the server without a style attribute', () => {
    const detail = interruptedDetail({ override: OVERRIDE });
    const html = renderToString(
      <>
        <WatchVerdict detail={detail} sentence={SENTENCE} isBusy={false} onWithdraw={nothing} />
        <WatchChecks detail={detail} isBusy={false} onSign={nothing} onUnsign={nothing} />
        <WatchMachines detail={detail} />
        <WatchHistory detail={detail} />
        <WatchGuards notChecked={detail.notChecked} />
        <WatchFollowUps followUps={detail.followUps} nowMs={STORY_NOW_MS} isBusy={false} onChange={nothing} />
        <WatchCharts detail={detail} claims={[]} asOfMs={STORY_NOW_MS} receivedAtMs={null} />
      </>,
    );
    expect(html).not.toMatch(/\sstyle=/);
  });
});
