import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen, within } from '@testing-library/react';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ShareActions } from '@/lib/client/use-shares.ts';
import {
  DEFAULT_SWITCHES,
  type FrozenCopy,
  type ShareLine,
  type ShareSubject,
} from '@/lib/core/model/share.ts';
import { type ChartPage, ChartPageContext } from '../charts/chart-page.ts';
import { redisGetsChart } from '../fixtures/charts.ts';
import { chartCopy, FROZEN_MS, shareLines } from '../fixtures/share.ts';
import { ChartExportMenu } from '../panels/chart-export-menu.tsx';
import { installOverlays } from '../ui/test-overlays.ts';
import { ShareButton } from './share-button.tsx';
import { SharesLive } from './shares-live.tsx';
import { useChartShare } from './use-chart-share.tsx';

let removeOverlays = () => {};
beforeAll(() => {
  removeOverlays = installOverlays();
});
afterAll(() => removeOverlays());
const SUBJECT: ShareSubject = { kind: 'incident', incidentId: 'i1' };
const SHARED_PAGE: ChartPage = {
  ...{ zone: 'UTC', scale: 'level', onScale: null, asTable: false },
  ...{ onZoom: null, marks: [], origin: null },
};
const LINK = 'https://watch.example/s/abcdefghijklmnopqrstuvwxyzabcdefghijklmnopq';

/** A server whose copies say which host they come from, if that is switched on. */
function server({ lines = [] as readonly ShareLine[], forgets = false } = {}) {
  const asked: { what: string; input: unknown }[] = [];
  let shares = [...lines];
  let previews = 0;
  const copyOf = (hosts: boolean): FrozenCopy =>
    // What is drawn of it is a matter of its own tests.
    chartCopy({
      charts: [],
      title: `GETs of ${hosts ? 'cache.internal' : 'host 1'} stay`,
      leftOut: hosts ? [] : [{ what: 'hosts', count: 3 }],
    });
  const actions: ShareActions = {
    previewShare: async (input) => {
      asked.push({ what: 'preview', input });
      previews += 1;
      return { ok: true, data: { previewId: `p${previews}`, copy: copyOf(input.switches.hosts) } };
    },
    makeShare: async (input) => {
      asked.push({ what: 'make', input });
      if (forgets) return { ok: false, error: { code: 'not_found', message: 'Look at it again first.' } };
      const [first = shareLines()[0] as ShareLine] = shareLines();
      const line = { ...first, id: 'new', madeBy: input.by, views: 0, lastViewMs: null };
      shares = [line, ...shares];
      return { ok: true, data: { id: 'new', token: 'abc', path: '/s/abc', url: LINK, line } };
    },
    readShares: async (input) => {
      asked.push({ what: 'read', input });
      return { ok: true, data: { asOfMs: FROZEN_MS, shares } };
    },
    revokeShare: async (input) => {
      asked.push({ what: 'revoke', input });
      shares = shares.map((one) => (one.id === input.id ? { ...one, revokedMs: FROZEN_MS } : one));
      return { ok: true, data: { id: input.id } };
    },
  };
  return { actions, askedFor: (what: string) => asked.filter((one) => one.what === what) };
}

function show(node: React.ReactNode) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(<QueryClientProvider client={client}>{node}</QueryClientProvider>);
}

async function open(fake: ReturnType<typeof server>) {
  show(<ShareButton subject={SUBJECT} actions={fake.actions} />);
  fireEvent.click(screen.getByText('Share'));
  const dialog = within(screen.getByRole('dialog', { name: 'Share this incident' }));
  await dialog.findByText('GETs of host 1 stay');
  return dialog;
}

const name = (text: string) =>
  fireEvent.change(screen.getByLabelText('Your name'), { target: { value: text } });

describe('the dialog that makes a link', () => {
  it('shows what leaves, counts what each switch would reveal, and shows that once it is switched on', async () => {
    const fake = server();
    const dialog = await open(fake);
    expect(dialog.getByText(/^3 found; “host 1”/)).toBeTruthy();
    expect(dialog.getAllByText('none in it').length).toBe(4);
    fireEvent.click(dialog.getByText('Look at what leaves'));
    expect(document.activeElement).toBe(dialog.getByLabelText('Preview: exactly what leaves'));
    const hosts = dialog.getByRole('switch', { name: 'Host names and addresses' });
    expect(hosts.getAttribute('aria-checked')).toBe('false');
    fireEvent.click(hosts);
    expect(await dialog.findByText('GETs of cache.internal stay')).toBeTruthy();
    expect(dialog.queryByText('GETs of host 1 stay')).toBeNull();
    expect(dialog.getByText('3 found; leaves')).toBeTruthy();
    expect(fake.askedFor('make')).toEqual([]);
  });

  it('makes exactly the copy that was seen, tells the link once, and forgets it when it is put away', async () => {
    const fake = server();
    const dialog = await open(fake);
    const make = dialog.getByText<HTMLButtonElement>('Make the link');
    expect(make.disabled).toBe(true);
    name(' Ana ');
    fireEvent.click(dialog.getByLabelText('30 days'));
    fireEvent.click(make);
    const field = await dialog.findByLabelText<HTMLTextAreaElement>('The link');
    expect(field.value).toBe(LINK);
    expect(document.activeElement).toBe(field);
    expect(fake.askedFor('make').map(({ input }) => input)).toEqual([
      { previewId: 'p1', days: 30, by: 'Ana' },
    ]);
    expect(await dialog.findByText(/^Made .* by Ana$/)).toBeTruthy();
    fireEvent.click(dialog.getByText('Done'));
    await expect.poll(() => dialog.queryByLabelText('The link')).toBeNull();
    expect(document.body.innerHTML).not.toContain(LINK);
  });

  it('cannot make a link of what is not seen yet', async () => {
    const fake = server();
    const dialog = await open(fake);
    name('Ana');
    const never = new Promise<never>(() => {});
    fake.actions.previewShare = () => never;
    fireEvent.click(dialog.getByRole('switch', { name: 'Regions' }));
    expect(dialog.getByText<HTMLButtonElement>('Make the link').disabled).toBe(true);
    expect(dialog.getByText(/being frozen anew/)).toBeTruthy();
  });

  it('says why none was made, and looks again', async () => {
    const fake = server({ forgets: true });
    const dialog = await open(fake);
    name('Ana');
    fireEvent.click(dialog.getByText('Make the link'));
    expect((await dialog.findByRole('alert')).textContent).toBe('Not made: Look at it again first.');
    await expect.poll(() => fake.askedFor('preview').length).toBe(2);
  });
});

/** A page with two charts, one of which can be shared. */
function PageOfCharts({ fake }: { fake: ReturnType<typeof server> }) {
  const { onShare, dialog } = useChartShare({ app: 'harbor', environment: 'production' }, null, fake.actions);
  const chart = { ...redisGetsChart(), range: { startMs: 0, endMs: FROZEN_MS } };
  const menu = { title: 'Redis GETs', chart, window: 'h' as const, firstSeries: 0, picture: null };
  return (
    <ChartPageContext value={{ ...SHARED_PAGE, onShare }}>
      <ChartExportMenu {...menu} shareId="redis_gets" />
      <ChartExportMenu {...menu} title="Something else" />
      {dialog}
    </ChartPageContext>
  );
}

describe('a chart of a page', () => {
  it('is shared from its menu, over the time that it shows; one that no copy knows by name is not', async () => {
    const fake = server();
    show(<PageOfCharts fake={fake} />);
    fireEvent.click(screen.getByRole('button', { name: 'Save or copy Something else' }));
    expect(screen.queryByText('Share this chart…')).toBeNull();
    fireEvent.click(screen.getByRole('button', { name: 'Save or copy Redis GETs' }));
    fireEvent.click(screen.getByText('Share this chart…'));
    const dialog = within(await screen.findByRole('dialog', { name: 'Share this chart' }));
    await dialog.findByText('GETs of host 1 stay');
    const place = { app: 'harbor', environment: 'production', range: { startMs: 0, endMs: FROZEN_MS } };
    expect(fake.askedFor('preview').map(({ input }) => input)).toEqual([
      { subject: { kind: 'chart', chart: 'redis_gets', ...place }, switches: DEFAULT_SWITCHES },
    ]);
  });
});

describe('links that were made', () => {
  it('are all listed in the settings, and one that still leads somewhere is ended by name', async () => {
    const fake = server({ lines: shareLines() });
    show(<SharesLive actions={fake.actions} />);
    const list = within(await screen.findByRole('list'));
    expect(list.getAllByRole('listitem').map((one) => one.textContent)).toEqual([
      expect.stringMatching(
        /^Redis GETs did not fall.*opened 3 times, last .*; expires 16 Apr 20:40ZRevoke$/,
      ),
      expect.stringMatching(/^v1203.*opened once.*; revoked 9 Apr 20:39Z$/),
      expect.stringMatching(/^Redis GETs.*never opened; expired 9 Apr 20:39Z$/),
    ]);
    fireEvent.click(list.getByText('Revoke'));
    expect(fake.askedFor('revoke')).toEqual([]);
    name('Ben');
    fireEvent.click(screen.getByText('Revoke now'));
    await expect.poll(() => list.queryByText('Revoke')).toBeNull();
    expect(fake.askedFor('revoke').map(({ input }) => input)).toEqual([{ id: 'share-1', by: 'Ben' }]);
    expect(screen.queryByRole('dialog')).toBeNull();
  });
});
