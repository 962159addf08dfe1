import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { IncidentActions } from '@/lib/client/incident-actions.ts';
import { incidentOf, incidentsView, incidentView } from '../fixtures/incident.ts';
import { CommandCenter } from '../layout/command-center.tsx';
import { installOverlays } from '../ui/test-overlays.ts';
import { IncidentLive } from './incident-live.tsx';
import { IncidentOpener } from './incident-open.tsx';
import { IncidentsLive } from './incidents-live.tsx';
import { incidentServer } from './test-incident-server.ts';

let uninstall: () => void;
beforeEach(() => {
  window.history.replaceState(null, '', '/incidents/x');
  window.localStorage.clear();
  uninstall = installOverlays();
});
afterEach(() => {
  cleanup();
  uninstall();
});

function around(page: React.ReactNode) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return (
    <QueryClientProvider client={client}>
      <CommandCenter>{page}</CommandCenter>
    </QueryClientProvider>
  );
}

function show(actions: IncidentActions, incident = incidentOf()) {
  render(
    around(
      <IncidentLive
        initial={incidentView({ incident, charts: [], claims: [], impact: [] })}
        actions={actions}
      />,
    ),
  );
}

function timeline(): HTMLElement {
  const found = screen.getByText('What happened').closest('section');
  if (found === null) throw new Error('there is no timeline');
  return found;
}
/** A button by what it is called; computing all roles of the page takes seconds where the machine is busy. */
function findButton(name: string): HTMLButtonElement | undefined {
  return [...document.querySelectorAll('button')].find(
    (one) => (one.getAttribute('aria-label') ?? one.textContent).trim() === name,
  );
}
function button(name: string): HTMLButtonElement {
  const found = findButton(name);
  if (found === undefined) throw new Error(`no button is called ${name}`);
  return found;
}
const press = (name: string) => fireEvent.click(button(name));
/** A field by its label, found in the same way. */
function field(label: RegExp | string): HTMLElement {
  const found = [...document.querySelectorAll('label')].find(({ textContent }) =>
    typeof label === 'string' ? textContent === label : label.test(textContent),
  );
  const control = document.getElementById(found?.htmlFor ?? '');
  if (control === null) throw new Error(`no field is called ${label}`);
  return control;
}
const type = (label: RegExp | string, value: string) => fireEvent.change(field(label), { target: { value } });

describe('the page of an incident', () => {
  it('asks for a name once, and signs with it from then on', async () => {
    const { actions, asked } = incidentServer();
    show(actions);
    expect(document.querySelector('h1')?.textContent).toContain('nobody could see why');
    press('Monitoring');
    expect(asked).toEqual([]);
    type('Your name', ' Ada ');
    press('Sign');
    await waitFor(() => expect(button('Monitoring').getAttribute('aria-pressed')).toBe('true'));
    expect(window.localStorage.getItem('afterwatch_name')).toBe('Ada');
    press('Hide: v1203 deployed');
    expect(await screen.findByText('1 entry is hidden')).toBeTruthy();
    expect(asked).toEqual(['status Ada monitoring', 'hide Ada']);
  });

  it('a note is looked at before it is written, and what it holds stays text', async () => {
    window.localStorage.setItem('afterwatch_name', 'Ada');
    const { actions, asked } = incidentServer();
    show(actions);
    const text = '<img src=x onerror=alert(1)> **bold** ![x](http://evil.example/x.png)';
    type('Add a note, in Markdown', text);
    press('Preview');
    const preview = screen.getByLabelText('Preview of the note');
    expect(preview.textContent).toContain('<img src=x onerror=alert(1)>');
    expect(within(preview).getByText('bold').tagName).toBe('STRONG');
    expect(preview.querySelector('img')).toBeNull();
    press('Add the note');
    await within(timeline()).findByText('bold');
    expect(document.querySelector('img')).toBeNull();
    expect(asked).toEqual([`note Ada ${text}`]);
    expect(field('Add a note, in Markdown')).toHaveProperty('value', '');
  });

  it('says why something was not done, and keeps what was typed', async () => {
    window.localStorage.setItem('afterwatch_name', 'Ada');
    show(incidentServer({ refuses: true }).actions);
    type('Add a note, in Markdown', 'seen');
    press('Add the note');
    expect((await screen.findByText(/^Not done:/)).textContent).toBe('Not done: It can only be read.');
    expect(field('Add a note, in Markdown')).toHaveProperty('value', 'seen');
  });

  it('hypotheses are judged, actions get an owner and a day, and times are read as they are typed', async () => {
    window.localStorage.setItem('afterwatch_name', 'Ada');
    // Drawn anew with each of many steps: what it does not ask for would only take time.
    const first = incidentOf({ entries: [] });
    const { actions, asked } = incidentServer({ first });
    show(actions, first);
    press('Judge: Traffic rose');
    type('It is', 'open');
    type(/speaks for or against/, '61.9K requests/h');
    press('Save');
    await waitFor(() => expect(asked).toHaveLength(1));
    await waitFor(() => expect(document.querySelector('dialog')).toBeNull());
    press('Add an action');
    type('What is to be done', 'Test the switch');
    type(/^Due/, 'soon');
    expect(screen.getByText(/^Write it as/)).toBeTruthy();
    expect(button('Add it').hasAttribute('disabled')).toBe(true);
    type(/^Due/, '2026-04-16');
    press('Add it');
    await waitFor(() => expect(asked).toHaveLength(2));
    await waitFor(() => expect(document.querySelector('dialog')).toBeNull());
    press('Edit');
    type('Began, in UTC', '2999-01-01');
    expect(screen.getByText('That time has not come yet.')).toBeTruthy();
    type('Began, in UTC', '2026-04-09 17:00');
    type(/^Why/, '');
    press('Save');
    await waitFor(() => expect(asked).toHaveLength(3));
    expect(asked).toEqual([
      'judge Ada h3 open 61.9K requests/h',
      `action Ada Test the switch null ${Date.UTC(2026, 3, 17) - 1}`,
      `edit Ada ${incidentOf().title} null ${Date.UTC(2026, 3, 9, 17)} undefined`,
    ]);
  });

  it('times that nobody typed stay as they are, though they are shown to the second', async () => {
    window.localStorage.setItem('afterwatch_name', 'Ada');
    const startMs = Date.UTC(2026, 3, 9, 18) + 123;
    const first = incidentOf({ entries: [], status: 'resolved', startMs, endMs: startMs + 400 });
    const { actions, asked } = incidentServer({ first });
    show(actions, first);
    press('Edit');
    type(/^Why/, 'A drill');
    press('Save');
    await waitFor(() =>
      expect(asked).toEqual([`edit Ada ${first.title} A drill ${startMs} ${startMs + 400}`]),
    );
  });

  it('once it was merged it can only be read, and leads on', async () => {
    window.localStorage.setItem('afterwatch_name', 'Ada');
    const { actions, asked } = incidentServer();
    show(actions);
    press('Merge');
    const form = document.querySelector('dialog form');
    expect(form?.textContent).toContain('This can’t be undone.');
    if (form !== null) fireEvent.submit(form);
    const link = await screen.findByText('another incident');
    expect(asked).toHaveLength(1);
    expect(link.getAttribute('href')).toBe(`/incidents/${asked[0]?.split(' ')[2]}`);
    await waitFor(() => expect(document.querySelector('dialog')).toBeNull());
    const left = [...document.querySelectorAll('main button')].map((one) => one.textContent);
    expect(left.filter((text) => /Edit|Hide|Judge|Add|Done|Monitoring/.test(text))).toEqual([]);
    expect(within(timeline()).getByText('v1203 deployed')).toBeTruthy();
  });

  it('m copies it as Markdown', async () => {
    const writeText = vi.fn().mockResolvedValue(undefined);
    vi.stubGlobal('navigator', Object.assign(Object.create(navigator), { clipboard: { writeText } }));
    show(incidentServer().actions);
    fireEvent.keyDown(document.body, { key: 'm', code: 'KeyM' });
    await waitFor(() => expect(writeText).toHaveBeenCalled());
    vi.unstubAllGlobals();
    expect(writeText.mock.calls[0]?.[0]).toContain('Redis GETs did not fall after v1203');
    expect(writeText.mock.calls[0]?.[0]).toContain('v1204 sets SUSPEND\\_REDIS');
  });
});

describe('the list of incidents', () => {
  it('an incident is opened by hand with a title, by name, from now or from a time', async () => {
    window.history.replaceState(null, '', '/incidents');
    const { actions, asked } = incidentServer();
    const onOpened = vi.fn();
    render(around(<IncidentsLive initial={incidentsView()} actions={actions} onOpened={onOpened} />));
    press('Open an incident');
    expect(button('Open it').hasAttribute('disabled')).toBe(true);
    type(/^What happened/, '429s from one region');
    type(/^Began/, '2026-04-09 18:00');
    type('Your name', 'Ada');
    press('Open it');
    await waitFor(() => expect(onOpened).toHaveBeenCalledWith(incidentOf().id));
    const atMs = Date.UTC(2026, 3, 9, 18);
    expect(asked).toEqual([`open harbor Ada 429s from one region ${atMs} hand null`]);
  });

  it('opened from an alert it is called as the alert is and begins with it, unless said otherwise', async () => {
    const { actions, asked } = incidentServer();
    const onOpened = vi.fn();
    const origin = { kind: 'alert', ref: 'http_429', about: '60 responses of status 429' } as const;
    const scope = { app: 'harbor', environment: 'production' };
    render(
      around(
        <IncidentOpener scope={scope} origin={origin} open={actions.openIncident} onOpened={onOpened} />,
      ),
    );
    press('Open an incident');
    expect(document.querySelector('dialog')?.textContent).toContain('60 responses of status 429');
    type('Your name', 'Ada');
    press('Open it');
    await waitFor(() => expect(onOpened).toHaveBeenCalledWith(incidentOf().id));
    expect(asked).toEqual(['open harbor Ada null null alert http_429']);
  });

  it('j and k move through the list, and what lasts comes first', () => {
    window.history.replaceState(null, '', '/incidents');
    render(around(<IncidentsLive initial={incidentsView()} actions={incidentServer().actions} />));
    const key = (name: string) =>
      fireEvent.keyDown(document.body, { key: name, code: `Key${name.toUpperCase()}` });
    key('j');
    expect(document.activeElement?.textContent).toContain('Redis GETs did not fall');
    key('j');
    key('j');
    expect(document.activeElement?.textContent).toBe('Restart storm');
    key('k');
    expect(document.activeElement?.textContent).toBe('429s from one region');
  });

  it('without any it says the three ways in which one is opened', () => {
    window.history.replaceState(null, '', '/incidents');
    const empty = incidentsView({ incidents: [] });
    render(around(<IncidentsLive initial={empty} actions={incidentServer().actions} />));
    const region = screen.getByRole('region', { name: 'Three ways to open one' });
    expect(within(region).getAllByRole('heading', { level: 3 })).toHaveLength(3);
    expect(within(region).getByRole('button', { name: 'Open an incident' })).toBeTruthy();
  });
});
