import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { ClaimState } from '@/lib/core/model/claim.ts';
import { type VerdictAnswer, verdictAnswer } from '@/lib/core/watch/verdict-answer.ts';
import { capture } from './capture.ts';

const ID = '20260409T175452-abcdefghjkmn';
const TOKEN = `aw_${'x'.repeat(43)}`;

/** An answer of the server with this state. */
function answerOf(state: ClaimState | null, change: Partial<VerdictAnswer> = {}): VerdictAnswer {
  const nothing = verdictAnswer(
    { id: ID, release: 'v1203', claims: [] },
    null,
    `http://127.0.0.1:3000/deploys/${ID}`,
  );
  return { ...nothing, state, sentence: 'v1203 is as it is.', endsAt: '2026-04-10T17:54:52.000Z', ...change };
}
const CLAIM: VerdictAnswer['claims'][number] = {
  ...{ id: 'c1', text: 'Redis GETs fall by 96.7 %', state: 'met', provisional: true, reason: null },
  ...{
    why: 'Falls by 96.7 % as promised.',
    effectPct: -96.7,
    interval: [-97.2, -96.1],
    before: 203.6,
    after: 6.7,
  },
  ...{ unit: 'commands', window: 's', decidableBy: null, coverage: 1 },
  baseline: { kind: 'measured', days: 14, excludedDays: 0, weak: false },
};

let server: Server | null = null;
let folder: string | null = null;
afterEach(async () => {
  await stop();
  if (folder !== null) rmSync(folder, { recursive: true, force: true });
  folder = null;
});

async function stop(): Promise<void> {
  server?.closeAllConnections();
  await new Promise<void>((done) => (server === null ? done() : server.close(() => done())));
  server = null;
}

type Reply = VerdictAnswer | number | ((response: ServerResponse) => void);
let asked: { url: string; authorization: string | undefined }[];

/** A server that gives these replies, one a request; the last one for ever. */
async function serve(replies: readonly Reply[], port = 0): Promise<number> {
  const left = [...replies];
  const made = createServer((request, response) => {
    request.resume();
    asked.push({ url: request.url ?? '', authorization: request.headers.authorization });
    const reply = left.length > 1 ? left.shift() : left[0];
    if (typeof reply === 'function') return reply(response);
    const status = typeof reply === 'number' ? reply : 200;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify(typeof reply === 'number' ? { error: { code: 'x', message: `no: ${reply}` } } : reply),
    );
  });
  server = made;
  await new Promise<void>((done) => made.listen(port, '127.0.0.1', done));
  const address = made.address();
  return typeof address === 'object' && address ? address.port : 0;
}

const envOf = (port: number) => ({ AFTERWATCH_URL: `http://127.0.0.1:${port}`, AFTERWATCH_TOKEN: TOKEN });
async function run(args: string[], replies: readonly Reply[]) {
  asked = [];
  const port = await serve(replies);
  return capture(['verdict', ...args], { cwd: '/', env: envOf(port) });
}

describe('verdict', () => {
  it.each<[ClaimState | null, number]>([
    ['met', 0],
    ['mostly_met', 0],
    ['missed', 1],
    ['worse', 1],
    ['failing', 1],
    ['relapsed', 1],
    ['settling', 2],
    ['on_track', 2],
    ['off_track', 2],
    ['undecided', 2],
    ['cant_tell', 2],
    [null, 2],
  ])('%s exits %i', async (state, code) => {
    const reason = state === 'cant_tell' ? 'no_data' : null;
    expect(await run([ID], [answerOf(state, { reason })])).toMatchObject({ code, err: '' });
    expect(asked).toEqual([{ url: `/api/deploys/${ID}/verdict`, authorization: `Bearer ${TOKEN}` }]);
  });

  it('a verdict that a person put over the measured one counts', async () => {
    const override = {
      state: 'missed',
      by: 'Ann',
      reason: 'seen by hand',
      at: '2026-04-10T08:00:00.000Z',
    } as const;
    const { code, out } = await run([ID], [answerOf('met', { override })]);
    expect(code).toBe(1);
    expect(out.split('\n')[0]).toBe('v1203: missed, says Ann: seen by hand');
  });

  it('prints standing, sentence and claims for a person, and the answer as it came with --json', async () => {
    const told = answerOf('met', { provisional: true, claims: [CLAIM] });
    const { out } = await run(['latest', '--app', 'harbor'], [told]);
    expect(asked[0]?.url).toBe('/api/deploys/latest/verdict?app=harbor');
    expect(out.split('\n')).toEqual([
      'v1203: met, provisional',
      'v1203 is as it is.',
      '',
      '  met, provisional  −96.7 % [−97.2, −96.1]  Redis GETs fall by 96.7 %',
      '    Falls by 96.7 % as promised.',
      '',
      'watched until 2026-04-10T17:54:52.000Z',
      told.deploy.url,
    ]);
    await stop();
    const json = await run([ID, '--json'], [{ ...told, later: 1 } as never]);
    expect(JSON.parse(json.out)).toEqual({ ...told, later: 1 });
  });

  it('--comment prints the body of a comment, its hidden mark first', async () => {
    const { code, out } = await run([ID, '--comment'], [answerOf('met', { claims: [CLAIM] })]);
    expect(code).toBe(0);
    expect(out.split('\n')[0]).toBe(`<!-- afterwatch:verdict:${ID} -->`);
    expect(out).toContain('| Redis GETs fall by 96.7 % |');
  });

  it('text of others cannot move the cursor or rewrite what stands above', async () => {
    const evil = { ...CLAIM, text: 'a\u001b[2Jb\nc\u202e' };
    const { out } = await run([ID], [answerOf('met', { claims: [evil], sentence: 'x\u001b[1Ay' })]);
    for (const sign of ['\u001b', '\u202e']) expect(out).not.toContain(sign);
  });

  it('--wait asks with a wait, and again until promises are kept or not', async () => {
    const { code } = await run(['v1203', '--wait', '5m'], [answerOf('on_track'), answerOf('relapsed')]);
    expect(code).toBe(1);
    expect(asked.map(({ url }) => url)).toEqual([
      '/api/deploys/v1203/verdict?wait=60',
      '/api/deploys/v1203/verdict?wait=60',
    ]);
  });

  it('--wait ends when the time is up, or the watch is over, with what stands then', async () => {
    expect((await run([ID, '--wait', '1s'], [answerOf('on_track')])).code).toBe(2);
    expect(asked[0]?.url).toBe(`/api/deploys/${ID}/verdict?wait=1`);
    await stop();
    const over = answerOf('cant_tell', { reason: 'no_data', closed: true });
    expect(await run([ID, '--wait', '24h'], [over])).toMatchObject({ code: 2 });
    expect(asked).toHaveLength(1);
  });

  it('--wait outlives a server that restarts: gone, then starting, then back', async () => {
    asked = [];
    const port = await serve([
      (response) => {
        // The first answer is whole; then the process is gone.
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(answerOf('on_track')), () => setImmediate(() => void stop()));
      },
    ]);
    const running = capture(['verdict', ID, '--wait', '5m'], { cwd: '/', env: envOf(port) });
    await expect.poll(() => server, { timeout: 5_000 }).toBeNull();
    await serve([503, answerOf('met')], port);
    const { code, err } = await running;
    expect(code).toBe(0);
    expect(err.split('\n').length).toBeLessThanOrEqual(1);
    expect(asked.length).toBeGreaterThanOrEqual(3);
  }, 20_000);

  it.each<[number, RegExp]>([
    [404, /no: 404/],
    [400, /no: 400/],
    [403, /check AFTERWATCH_TOKEN/],
    [500, /answered 500/],
  ])('%i is a fault at once, also with --wait: exit 3', async (status, said) => {
    const { code, out, err } = await run([ID, '--wait', '5m'], [status]);
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toMatch(said);
    expect(err).not.toContain(TOKEN);
  });

  it('a server that was never there is a fault at once, also with --wait', async () => {
    const port = await serve([200]);
    await stop();
    const { code, err } = await capture(['verdict', ID, '--wait', '5m'], { cwd: '/', env: envOf(port) });
    expect(code).toBe(3);
    expect(err).toMatch(/cannot reach/);
  });

  it.each([
    [[]],
    [[ID, 'more']],
    [[ID, '--wait', 'soon']],
    [[ID, '--wait', '0s']],
    [[ID, '--wait', '9d']],
    [['--fast', ID]],
  ])('%j is wrong usage: exit 3, and nobody is asked', async (args) => {
    expect((await run(args, [answerOf('met')])).code).toBe(3);
    expect(asked).toEqual([]);
  });
});

describe('deploy --wait', () => {
  const told = {
    id: ID,
    url: 'http://x/d',
    release: 'v1203',
    app: 'harbor',
    environment: 'production',
    merged: false,
    claims: [],
    audit: [],
    redactions: 0,
  };

  it('registers, then waits for the verdict of that deploy and exits as it does', async () => {
    asked = [];
    const port = await serve([told as never, answerOf('on_track'), answerOf('missed')]);
    const { code, out } = await capture(['deploy', '--release', 'v1203', '--wait', '30m'], {
      cwd: '/',
      env: envOf(port),
    });
    expect(code).toBe(1);
    expect(asked.map(({ url }) => url)).toEqual([
      '/api/deploys',
      `/api/deploys/${ID}/verdict?wait=60`,
      `/api/deploys/${ID}/verdict?wait=60`,
    ]);
    expect(out.split('\n')[0]).toMatch(/^registered v1203/);
    expect(out).toContain('v1203: missed');
  });

  it('--json prints one object with the verdict in it', async () => {
    asked = [];
    const port = await serve([told as never, answerOf('met')]);
    const { code, out } = await capture(['deploy', '--release', 'v1203', '--wait', '30m', '--json'], {
      cwd: '/',
      env: envOf(port),
    });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ id: ID, verdict: { state: 'met' } });
  });

  it('a length that is none sends nothing', async () => {
    asked = [];
    const port = await serve([told as never]);
    folder = mkdtempSync(join(tmpdir(), 'afterwatch-wait-'));
    writeFileSync(join(folder, 'S.md'), '# v1');
    const { code } = await capture(['deploy', '--file', 'S.md', '--wait', 'long'], {
      cwd: folder,
      env: envOf(port),
    });
    expect(code).toBe(3);
    expect(asked).toEqual([]);
  });
});
