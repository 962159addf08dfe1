import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { HOUR_MS } from '@/lib/core/time/range.ts';
import { CrosshairContext, createCrosshairStore } from '../charts/crosshair-store.ts';
import {
  entryOf,
  eveningActions,
  eveningEntries,
  eveningHypotheses,
  eveningImpact,
  INCIDENT_NOW_MS,
  incidentLines,
  incidentView,
  longIncident,
} from '../fixtures/incident.ts';
import { ActionList } from './incident-actions.tsx';
import { IncidentFoot } from './incident-foot.tsx';
import { HypothesisList } from './incident-hypotheses.tsx';
import { IncidentImpact } from './incident-impact.tsx';
import { IncidentList, isOpenIncident } from './incident-list.tsx';
import { placeEntries } from './incident-places.ts';
import { IncidentStrip } from './incident-strip.tsx';
import { IncidentTimeline } from './incident-timeline.tsx';

afterEach(cleanup);

const linesOf = (list: HTMLElement) =>
  within(list)
    .getAllByRole('listitem')
    .map((line) => line.textContent);

describe('impact', () => {
  it('a number that can’t be told is a dash with its reason, and a measured zero is a zero', () => {
    render(<IncidentImpact impact={eveningImpact()} />);
    const told = (label: string) => screen.getByText(label).parentElement?.textContent;
    expect(told('requests refused')).toBe(
      'requests refused–no dataNo source tells 429s apart from other 4xx.',
    );
    expect(told('requests failed')).toBe('requests failed0of 165K');
    expect(told('for them')).toContain('$3.74');
    expect(told('for them')).toContain('inferred');
    expect(told('asked suspended, still active')).toContain('1\u00a0h\u00a012\u00a0m');
  });
});

describe('the timeline', () => {
  it('tells what happened in its order, by whom, and draws Markdown of notes as text and marks', () => {
    render(<IncidentTimeline entries={eveningEntries()} />);
    const panel = screen.getByRole('region', { name: 'What happened' });
    expect(panel.textContent).toContain('9 Apr 2026, UTC');
    const lines = linesOf(panel);
    expect(lines[0]).toContain('17:54Zv1203 deployed');
    expect(lines.findIndex((line) => line?.includes('v1205'))).toBeGreaterThan(
      lines.findIndex((line) => line?.includes('v1204 sets')),
    );
    expect(within(panel).getByText('SUSPEND_REDIS').tagName).toBe('CODE');
    expect(panel.textContent).toContain('by Ada');
    expect(screen.queryByRole('button', { name: /^Hide/ })).toBeNull();
  });

  it('what others wrote never becomes markup', () => {
    const { container } = render(<IncidentTimeline entries={longIncident(12).entries} />);
    expect(container.querySelector('img, script, [onerror]')).toBeNull();
    expect(container.textContent).toContain('<img src=x onerror=alert(1)>');
  });

  it('a hidden line is out of sight, listed with who hid it, and can be shown again', () => {
    const entries = eveningEntries();
    const [first] = entries;
    const hidden = { by: 'Ben', atMs: INCIDENT_NOW_MS };
    const onShow = vi.fn();
    const onHide = vi.fn();
    render(
      <IncidentTimeline
        entries={entries.map((entry) => (entry.id === first?.id ? { ...entry, hidden } : entry))}
        acts={{ isBusy: false, onHide, onShow }}
      />,
    );
    const fold = screen.getByText('1 entry is hidden').closest('details');
    expect(fold?.open).toBe(false);
    expect(fold?.textContent).toContain('v1203 deployed');
    expect(fold?.textContent).toContain('hidden by Ben, 9 Apr 20:40Z');
    expect(screen.getAllByText('v1203 deployed', { exact: false })).toHaveLength(1);
    fireEvent.click(screen.getByText('Show'));
    expect(onShow).toHaveBeenCalledWith(first?.id);
    fireEvent.click(screen.getByLabelText('Hide: v1204 sets SUSPEND_REDIS'));
    expect(onHide).toHaveBeenCalledWith(entries[2]?.id);
  });

  it('many lines are folded in the middle, and nothing of them is lost', () => {
    const { entries } = longIncident(50);
    const { container } = render(<IncidentTimeline entries={entries} />);
    const shown = entries.filter(({ hidden }) => hidden === null).length;
    const lines = () => [...container.querySelectorAll('li[id^="entry-"]')];
    const folded = () => lines().filter(({ classList }) => classList.contains('hidden')).length;
    expect(lines()).toHaveLength(shown);
    expect(folded()).toBe(shown - 40);
    // On paper, and where the strip leads to one, it is seen all the same.
    const inside = lines().find(({ classList }) => classList.contains('hidden'));
    expect([...(inside?.classList ?? [])]).toEqual(expect.arrayContaining(['target:grid', 'print:grid']));
    fireEvent.click(screen.getByText(`Show ${shown - 40} more in between`));
    expect(folded()).toBe(0);
  });

  it('what was written down later says when: each line by itself, and once for all that was seen before it was opened', () => {
    const atMs = INCIDENT_NOW_MS - HOUR_MS;
    const late = entryOf({
      ...{ atMs, writtenMs: INCIDENT_NOW_MS, by: 'Ada' },
      fact: { kind: 'note', markdown: 'x' },
      title: 'Note',
    });
    const seen = (n: number) => ({ ...late, id: `seen ${n}`, title: `Seen ${n}`, atMs: atMs + n, by: null });
    const opened = { ...late, id: 'opened', title: 'Opened by hand', atMs: INCIDENT_NOW_MS };
    render(<IncidentTimeline entries={[late, seen(1), seen(2), opened]} />);
    const lines = linesOf(screen.getByRole('region', { name: 'What happened' }));
    expect(lines.map((line) => line?.match(/written down.*/)?.[0] ?? null)).toEqual([
      'written down 9 Apr 20:40Z',
      null,
      null,
      'written down 9 Apr 20:40Z, from what was stored',
      null,
    ]);
  });
});

describe('the strip', () => {
  it('leads to the line of each entry, and moves the crosshair of the charts to its time', () => {
    const store = createCrosshairStore();
    const entries = eveningEntries();
    const { range } = incidentView();
    render(
      <CrosshairContext value={store}>
        <IncidentStrip entries={entries} range={range} />
        <IncidentTimeline entries={entries} />
      </CrosshairContext>,
    );
    const links = within(screen.getByRole('navigation')).getAllByRole('link');
    const first = links[0];
    const id = first?.getAttribute('href')?.slice(1) ?? '';
    expect(document.getElementById(id)?.textContent).toContain('v1203 deployed');
    if (first !== undefined) fireEvent.focus(first);
    expect(store.get()?.atMs).toBe(entries[0]?.atMs);
    if (first !== undefined) fireEvent.blur(first);
    expect(store.get()).toBeNull();
    fireEvent.focus(screen.getByLabelText(/show on the charts: Asked suspended/));
    expect(store.get()?.atMs).toBe(entries[3]?.atMs);
    expect(screen.getByRole('navigation').textContent).toContain('19:24Z Asked suspended, still active');
  });

  it('every entry in the range has one place, and places are far enough apart to be hit', () => {
    const range = { startMs: 0, endMs: 1_000_000 };
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -10_000, max: 1_010_000 }), { maxLength: 60 }),
        fc.integer({ min: 250, max: 1_600 }),
        (times, widthPx) => {
          const entries = times.map((atMs) => ({ atMs }));
          const places = placeEntries(entries, range, widthPx);
          const placed = places.flatMap((place) => place.entries.map(({ atMs }) => atMs));
          const inside = times.filter((atMs) => atMs >= 0 && atMs <= 1_000_000).toSorted((a, b) => a - b);
          expect(placed).toEqual(inside);
          for (const [i, { x }] of places.entries()) {
            const next = places[i + 1];
            if (next !== undefined) expect(((next.x - x) / 100) * widthPx).toBeGreaterThan(23.9);
          }
        },
      ),
    );
  });
});

describe('why, and what is to be done', () => {
  it('what is confirmed stands first, and a missing evidence is said', () => {
    render(<HypothesisList hypotheses={eveningHypotheses()} />);
    const lines = linesOf(screen.getByRole('list'));
    expect(lines.map((line) => line?.match(/^(Confirmed|Open|Refuted)/)?.[0])).toEqual([
      'Confirmed',
      'Open',
      'Refuted',
    ]);
    expect(lines[2]).toContain('Nobody has written what speaks for or against it.');
  });

  it('an open action past its day is late, a done one says by whom', () => {
    const onDone = vi.fn();
    render(<ActionList actions={eveningActions()} nowMs={INCIDENT_NOW_MS} onDone={onDone} />);
    const lines = linesOf(screen.getByRole('list'));
    expect(lines[0]).toMatch(/^Late.*GETs have not begun.*nobody has taken it, due 9 Apr/);
    expect(lines[1]).toMatch(/^Open.*Ben, due 16 Apr/);
    expect(lines[2]).toMatch(/^Done.*done by Ada, 9 Apr 20:34Z/);
    fireEvent.click(screen.getByRole('button', { name: 'Open again: Set SUSPEND_REDIS=true' }));
    expect(onDone.mock.calls[0]?.[0].id).toBe('a3');
  });
});

describe('the list', () => {
  it('tells the status in a word, since when, and what is still to be done; a merged one leads on', () => {
    const lines = incidentLines();
    render(
      <>
        <IncidentList title="Open" incidents={lines.filter(isOpenIncident)} asOfMs={INCIDENT_NOW_MS} />
        <IncidentList
          title="Over"
          incidents={lines.filter((one) => !isOpenIncident(one))}
          asOfMs={INCIDENT_NOW_MS}
        />
      </>,
    );
    const open = linesOf(screen.getByRole('region', { name: 'Incidents: Open' }));
    expect(open).toHaveLength(2);
    expect(open[0]).toMatch(/^Identified.*since 9 Apr 17:54Z.*so far · v1203 · 2 actions open/);
    const over = screen.getByRole('region', { name: 'Incidents: Over' });
    expect(linesOf(over)[0]).toMatch(/^Resolved.*2 Apr 19:22Z – 20:04Z, 42\sm · 1 action open/);
    expect(within(over).getByRole('link', { name: 'another incident' }).getAttribute('href')).toBe(
      `/incidents/${lines[0]?.id}`,
    );
  });
});

describe('the foot', () => {
  it('says where it came from, and on paper when it was printed', () => {
    const printed = 'Printed 9 Apr 2026 20:40Z from http://here/incidents/x';
    render(<IncidentFoot view={incidentView()} printed={printed} />);
    expect(screen.getByRole('link', { name: 'v1203' }).getAttribute('href')).toBe('/deploys/d3');
    expect(screen.getByText(printed).classList.contains('print:block')).toBe(true);
  });
});
