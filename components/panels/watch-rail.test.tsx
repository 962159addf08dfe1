import { cleanup, render, screen } from '@testing-library/react';
import { renderToString } from 'react-dom/server';
import { afterEach, describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '@/lib/core/time/range.ts';
import { ChartPageContext } from '../charts/chart-page.ts';
import { STORY_MARKS } from '../fixtures/story.ts';
import { interruptedWatch, storyWatch, watchOf } from '../fixtures/watch.ts';
import { WatchRail } from './watch-rail.tsx';

afterEach(cleanup);
const plain = (text: string | null | undefined) => (text ?? '').replaceAll('\u00a0', ' ');
const label = () => plain(screen.getByRole('img').getAttribute('aria-label'));

describe('the rail of a watch', () => {
  it('is told in words: how far it is, where it stands, what each look found', () => {
    render(<WatchRail watch={storyWatch()} />);
    expect(label()).toBe(
      'v1206 at T+02:40 of T+24:00: On track. Looks: 5 m done; 15 m done; 30 m done; 1 h done.',
    );
    expect(screen.getByRole('region', { name: 'Watch of v1206' })).toBeTruthy();
  });

  it('names an interruption, when it was, and what it blocks', () => {
    render(<WatchRail watch={interruptedWatch()} />);
    expect(label()).toContain('Can’t tell, redis suspended.');
    expect(label()).toContain('Interrupted at T+02:39 by v1205.');
    expect(label()).toContain('15 m failing');
    expect(label()).toContain('6 h blocked, redis suspended');
  });

  it('says when the next look is due, what can be told by when, and on what it stands', () => {
    render(<WatchRail watch={storyWatch()} />);
    expect(screen.getByText('00:55Z')).toBeTruthy();
    expect(screen.getByText('01:20Z').parentElement?.textContent).toBe(
      'GETs decidable by 01:20Z, if both machines run v1206 by then',
    );
    expect(screen.getByText('32 of 32 blocks, 14 baseline days')).toBeTruthy();
  });

  it('has a label and a time at every stop: 24 h is not written 1 d', () => {
    const { container } = render(<WatchRail watch={watchOf()} />);
    const texts = [...container.querySelectorAll('text')].map((text) => plain(text.textContent));
    for (const text of ['T₀', '5 m', '15 m', '30 m', '1 h', '6 h', '12 h', '24 h', '22:10', 'T+02:40'])
      expect(texts).toContain(text);
  });

  it('stands at its end once it is over, and has no next look', () => {
    const watch = watchOf({ nowMs: storyWatch().originMs + DAY_MS + HOUR_MS, nextLookMs: null });
    const { container } = render(<WatchRail watch={watch} />);
    expect(container.textContent).toContain('T+24:00');
    expect(screen.queryByText(/Next look/)).toBeNull();
  });

  it('tells times in the zone of the page', () => {
    const page = {
      zone: 'Asia/Kolkata',
      scale: 'level',
      onScale: null,
      asTable: false,
      onZoom: null,
      marks: STORY_MARKS,
      origin: null,
    } as const;
    const { container } = render(
      <ChartPageContext value={page}>
        <WatchRail watch={storyWatch()} />
      </ChartPageContext>,
    );
    expect(container.textContent).toContain('Next look 06:25');
    expect(container.textContent).toContain('03:40');
  });

  it('is drawn by the server without a style attribute', () => {
    expect(renderToString(<WatchRail watch={interruptedWatch()} />)).not.toMatch(/\sstyle=/);
  });
});
