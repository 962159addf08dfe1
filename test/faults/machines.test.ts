import { afterEach, describe, expect, it } from 'vitest';
import { type Machine, startMachine } from './machines.ts';

const machines: Machine[] = [];
afterEach(async () => {
  await Promise.all(machines.splice(0).map((machine) => machine.stop()));
});

async function start(options: Partial<Parameters<typeof startMachine>[0]> = {}): Promise<Machine> {
  const machine = await startMachine({ name: '3d8dd7a1', ...options });
  machines.push(machine);
  return machine;
}

async function read(machine: Machine): Promise<string> {
  return (await fetch(machine.metricsUrl)).text();
}

describe('machine', () => {
  it('shows exactly what was counted, and its ledger knows what was served', async () => {
    const machine = await start();
    machine.inc('http_requests', { status: '429' }, 3);
    machine.set('pool_used', {}, 7);
    const response = await fetch(machine.metricsUrl);
    const text = await response.text();
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(text).toContain('# TYPE http_requests_total counter\nhttp_requests_total{status="429"} 3\n');
    expect(text).toContain('pool_used 7\n');
    machine.inc('http_requests', { status: '429' }, 2);
    expect(machine.ledger.lastServed('http_requests', { status: '429' })).toBe(3);
    expect(machine.ledger.truth('http_requests', { status: '429' })).toBe(5);
    expect(machine.ledger.served).toHaveLength(1);
  });

  it('a family without events is present and its series absent', async () => {
    const machine = await start({ counters: ['http_requests'] });
    const text = await read(machine);
    expect(text).toContain('# TYPE http_requests_total counter');
    expect(text).not.toMatch(/^http_requests_total/m);
    expect(machine.ledger.lastServed('http_requests', { status: '429' })).toBeNull();
  });

  it('a restart begins at nothing with a later start time and keeps the truth', async () => {
    const machine = await start();
    machine.inc('http_requests', { status: '200' }, 10);
    const before = startSeconds(await read(machine));
    machine.restart(Date.now() + 5_000);
    machine.inc('http_requests', { status: '200' }, 4);
    const text = await read(machine);
    expect(text).toContain('http_requests_total{status="200"} 4\n');
    expect(startSeconds(text)).toBeGreaterThan(before);
    expect(machine.ledger.truth('http_requests', { status: '200' })).toBe(14);
    expect(machine.ledger.restarts).toBe(1);
  });

  it('workers answer in turn, each with its own share and start time', async () => {
    const machine = await start();
    machine.setWorkers(2);
    machine.inc('http_requests', { status: '200' }, 9);
    const texts = [await read(machine), await read(machine), await read(machine)];
    const values = texts.map((text) => Number(/status="200"} (\d+)/.exec(text)?.[1]));
    expect(values.toSorted()).toEqual([4, 4, 5]);
    expect(new Set(texts.map(startSeconds)).size).toBe(2);
  });

  it('class-only statuses hide 429 in 4xx', async () => {
    const machine = await start();
    machine.inc('http_requests', { status: '429' }, 2);
    machine.inc('http_requests', { status: '404' }, 3);
    machine.setClassOnly(true);
    const text = await read(machine);
    expect(text).toContain('http_requests_total{status="4xx"} 5\n');
    expect(text).not.toContain('429');
  });

  it('OpenMetrics ends with EOF and names the family without its suffix', async () => {
    const machine = await start({ format: 'openmetrics' });
    machine.inc('http_requests', { status: '200' });
    const text = await read(machine);
    expect(text).toContain('# TYPE http_requests counter\nhttp_requests_total{status="200"} 1\n');
    expect(text.endsWith('# EOF\n')).toBe(true);
  });

  it('JSON output holds the text as one string', async () => {
    const machine = await start({ format: 'json_string' });
    machine.inc('http_requests', { status: '200' });
    const response = await fetch(machine.metricsUrl);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toContain('http_requests_total{status="200"} 1\n');
  });

  it('a clock that is off shows in the Date header and the start time', async () => {
    const machine = await start();
    machine.setClockOffset(600_000);
    const response = await fetch(machine.metricsUrl);
    const offMs = Date.parse(response.headers.get('date') ?? '') - Date.now();
    expect(offMs).toBeGreaterThan(597_000);
    expect(offMs).toBeLessThan(601_000);
    expect(startSeconds(await response.text())).toBeGreaterThan(Date.now() / 1000 + 500);
  });

  it('a backward step lowers the value without a restart', async () => {
    const machine = await start();
    machine.inc('http_requests', { status: '200' }, 10);
    const before = startSeconds(await read(machine));
    machine.stepBack('http_requests', { status: '200' }, 3);
    const text = await read(machine);
    expect(text).toContain('http_requests_total{status="200"} 7\n');
    expect(startSeconds(text)).toBe(before);
  });

  it('streams a huge body of the size asked for', async () => {
    const machine = await start();
    machine.setFault({ type: 'huge', bytes: 3_000_000 });
    const body = await read(machine);
    expect(body.length).toBeGreaterThan(3_000_000);
    expect(body.length).toBeLessThan(3_100_000);
  });

  it('stays silent until the client gives up', async () => {
    const machine = await start();
    machine.setFault({ type: 'silent' });
    const visit = fetch(machine.metricsUrl, { signal: AbortSignal.timeout(80) });
    await expect(visit).rejects.toThrow(/timeout/i);
    expect(machine.ledger.served[0]).toMatchObject({ fault: 'silent', completed: false });
  });

  it.each([
    ['html', { type: 'html' }],
    ['status', { type: 'status', code: 503, retryAfter: '7' }],
    ['empty', { type: 'empty' }],
  ] as const)('%s is answered whole and never counts as served numbers', async (_, fault) => {
    const machine = await start();
    machine.inc('http_requests', { status: '200' });
    machine.setFault(fault);
    const response = await fetch(machine.metricsUrl);
    await response.text();
    expect(response.status).toBe(fault.type === 'status' ? 503 : 200);
    expect(response.headers.get('retry-after')).toBe(fault.type === 'status' ? '7' : null);
    expect(machine.ledger.lastServed('http_requests', { status: '200' })).toBeNull();
  });

  it.each([{ type: 'cut', bytes: 5 }, { type: 'reset' }] as const)(
    '$type breaks the answer',
    async (fault) => {
      const machine = await start();
      machine.setFault(fault);
      await expect(read(machine)).rejects.toThrow();
    },
  );

  it('drips one byte at a time', async () => {
    const machine = await start({ showStartTime: false });
    machine.setFault({ type: 'drip', delayMs: 2 });
    const startedMs = performance.now();
    expect(await read(machine)).toContain('# TYPE http_requests_total counter');
    expect(performance.now() - startedMs).toBeGreaterThan(60);
  });

  it('a fault of one path leaves the other alone', async () => {
    const machine = await start({ region: 'ams', version: 'v7' });
    machine.setFault({ type: 'status', code: 500 }, '/metrics');
    expect((await fetch(machine.metricsUrl)).status).toBe(500);
    const health = await fetch(machine.healthUrl);
    expect(health.headers.get('content-type')).toBe('application/health+json');
    expect(await health.json()).toMatchObject({ status: 'pass', version: 'v7', region: 'ams' });
    machine.setFault(null);
    expect((await fetch(machine.metricsUrl)).status).toBe(200);
  });
});

function startSeconds(text: string): number {
  return Number(/^process_start_time_seconds ([\d.]+)$/m.exec(text)?.[1]);
}
