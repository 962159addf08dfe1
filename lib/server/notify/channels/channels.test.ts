import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NOTICE_TOPICS } from '@/lib/core/model/receiver.ts';
import { type HttpReceiver, openHttpReceiver } from '@/test/receivers/http-receiver.ts';
import type { Receiver } from '../../config/receivers.ts';
import { Secret } from '../../config/secret.ts';
import type { AlertBody, NoticeBody } from '../notice-body.ts';
import { renderDiscord } from './discord.ts';
import { sendTo } from './index.ts';
import { renderPagerDuty } from './pagerduty.ts';
import { renderSlack } from './slack.ts';

const NOW_MS = Date.parse('2026-04-09T20:40:00Z');
const HUSH = 'hush-hush-hush-hush-hush-hush';
const KEY = `${'h'.repeat(16)}${'Q'.repeat(16)}`;
const URL_SHOWN = 'https://watch.example/alerts?app=harbor&env=production&alert=redis_mixed';

function alertBody(change: Partial<AlertBody['data']['alert']> = {}): AlertBody {
  return {
    type: 'alert.firing',
    timestamp: '2026-04-09T20:34:00.000Z',
    data: {
      incident: 'inc_1',
      by: null,
      firstStep: { text: 'Set it alike on all machines.', command: 'fly secrets unset SUSPEND_REDIS' },
      alert: {
        ...{ id: 'redis_mixed', rule: 'redis_mixed', kind: 'rule', severity: 'critical' },
        title: 'Redis is active on one machine, suspended on the other',
        detail: '1 of 2 machines say so.',
        ...{ app: 'harbor', environment: 'production', source: 'ams', release: 'v1206' },
        means: [{ what: 'Rate limits', text: 'up to 2× what you set' }],
        firedAt: '2026-04-09T20:34:00.000Z',
        url: URL_SHOWN,
        ...change,
      },
    },
  };
}

const deploy = {
  id: 'd1',
  release: 'v1203',
  app: 'harbor',
  environment: 'production',
  url: 'https://watch.example/deploys/d1',
};
function verdictBody(state: 'met' | 'missed' | 'cant_tell'): NoticeBody {
  return {
    type: 'verdict.decided',
    timestamp: '2026-04-09T20:34:00.000Z',
    data: {
      deploy,
      verdict: { state, provisional: false, reason: null, sentence: 'It is so.', closed: true },
      changes: [
        { claimId: 'c1', text: 'Redis GETs: 733K/h → 24K/h', to: state, evidence: '−96.7 %' },
        { claimId: null, text: null, to: state, evidence: '' },
      ],
    },
  };
}
const digest: NoticeBody = {
  type: 'digest',
  timestamp: '2026-04-09T20:34:00.000Z',
  data: {
    lost: 2,
    items: [
      {
        id: 'm1',
        type: 'alert.firing',
        at: '2026-04-09T18:00:00.000Z',
        about: '429s',
        severity: 'warning',
        incident: 'a',
      },
      {
        id: 'm2',
        type: 'alert.firing',
        at: '2026-04-09T18:10:00.000Z',
        about: 'Redis is mixed',
        severity: 'critical',
        incident: 'b',
      },
      {
        id: 'm3',
        type: 'alert.resolved',
        at: '2026-04-09T18:20:00.000Z',
        about: '429s',
        severity: 'warning',
        incident: 'a',
      },
      {
        id: 'm4',
        type: 'verdict.decided',
        at: '2026-04-09T18:30:00.000Z',
        about: 'v1203: met',
        severity: null,
        incident: 'd1',
      },
    ],
  },
};

describe('Slack', () => {
  const textOf = (body: NoticeBody): string => JSON.parse(renderSlack(body)).text;

  it('says what, since when, since which deploy, what it means, what to do first, and where', () => {
    expect(textOf(alertBody()).split('\n')).toEqual([
      '🔴 Critical: Redis is active on one machine, suspended on the other',
      '1 of 2 machines say so.',
      'Since 9 Apr 20:34Z · harbor production · ams · deploy v1206',
      'Rate limits: up to 2× what you set',
      'First: Set it alike on all machines.',
      'fly secrets unset SUSPEND_REDIS',
      URL_SHOWN.replaceAll('&', '&amp;'),
    ]);
  });

  it('says how it ended, and who took it up', () => {
    const over: NoticeBody = {
      ...alertBody(),
      type: 'alert.resolved',
      timestamp: '2026-04-09T20:50:00.000Z',
    };
    expect(textOf(over).split('\n').slice(0, 2)).toEqual([
      '🟢 Resolved: Redis is active on one machine, suspended on the other',
      'Fired 9 Apr 20:34Z, resolved 9 Apr 20:50Z · harbor production · ams · deploy v1206',
    ]);
    expect(textOf(over)).not.toMatch(/First|Rate limits/);
    const body = alertBody();
    const taken: NoticeBody = { ...body, type: 'alert.acknowledged', data: { ...body.data, by: 'Ann' } };
    expect(textOf(taken)).toMatch(/^🔴 Taken up by Ann: Redis is active/);
  });

  it('lets nothing in a text mention, link or format', () => {
    const body = alertBody({ title: '<!channel> *a* & <https://x.example|y> <@U1>' });
    expect(textOf(body)).toContain('&lt;!channel&gt; *a* &amp; &lt;https://x.example|y&gt; &lt;@U1&gt;');
    expect(textOf(body).replace(URL_SHOWN.replaceAll('&', '&amp;'), '')).not.toMatch(/[<>]/);
    expect(JSON.parse(renderSlack(body))).toMatchObject({ mrkdwn: false, unfurl_links: false });
  });

  it('is cut before Slack cuts it, never inside an escaped sign, and keeps its link', () => {
    for (let n = 0; n < 6; n += 1) {
      const text = textOf(alertBody({ title: 'x'.repeat(n) + '&'.repeat(3_000) }));
      expect(text.length).toBeLessThan(4_100);
      expect(text).toMatch(/&amp;…\nhttps:/);
    }
  });

  it('tells verdicts, reminders, tests and digests in words of their own', () => {
    expect(textOf(verdictBody('missed'))).toMatch(
      /^🟠 v1203: missed\nIt is so\.\nmissed: Redis GETs: 733K\/h → 24K\/h \(−96\.7 %\)\nharbor production\nhttps/,
    );
    expect(textOf(verdictBody('cant_tell'))).toMatch(/^⚪ v1203: can’t tell/);
    const followUp: NoticeBody = {
      ...{ type: 'followup.due', timestamp: '2026-04-09T20:34:00.000Z' },
      data: { deploy, followUp: { id: 'f', text: 'Remove the old cache', owner: 'Ann' } },
    };
    expect(textOf(followUp)).toMatch(/^🔵 v1203: a next step is due\nRemove the old cache\nFor Ann\n/);
    expect(textOf(digest).split('\n')).toEqual([
      '🔴 4 messages waited for this receiver, 1 of them still firing',
      'From 9 Apr 18:00Z to 9 Apr 18:30Z',
      'Firing since 9 Apr 18:10Z: Redis is mixed',
      'Resolved meanwhile: 429s',
      '9 Apr 18:30Z v1203: met',
      '2 older messages could not be delivered in time and were given up',
    ]);
  });
});

describe('Discord', () => {
  it('has mentions off, and markdown shows as it was written', () => {
    const { content, allowed_mentions } = JSON.parse(
      renderDiscord(alertBody({ title: '@everyone **a** _b_ `c` <@1> # d' })),
    );
    expect(allowed_mentions).toEqual({ parse: [] });
    expect(content).toContain('\\@everyone \\*\\*a\\*\\* \\_b\\_ \\`c\\` \\<\\@1\\> # d');
    expect(content).toContain(`<${URL_SHOWN}>`);
    expect(JSON.parse(renderDiscord(alertBody({ detail: '# head' }))).content).toContain('\n\\# head');
  });

  it('is cut before Discord refuses it, and keeps its link', () => {
    for (const sign of ['_', '😀', 'x']) {
      const { content } = JSON.parse(renderDiscord(alertBody({ title: sign.repeat(3_000) })));
      expect(content.length).toBeLessThanOrEqual(2_000);
      expect(content).toMatch(/…\n<https:/);
      expect(content.isWellFormed()).toBe(true);
      expect(content).not.toMatch(/[^\\]\\…/);
    }
  });
});

describe('PagerDuty', () => {
  it('makes one incident of a firing: it triggers, is acknowledged and resolved under one key', () => {
    const kinds = ['alert.firing', 'alert.acknowledged', 'alert.resolved'] as const;
    const events = kinds.flatMap((type) => renderPagerDuty('msg_1', { ...alertBody(), type }));
    expect(events.map((event) => [event.event_action, event.dedup_key])).toEqual([
      ['trigger', 'inc_1'],
      ['acknowledge', 'inc_1'],
      ['resolve', 'inc_1'],
    ]);
    expect(events[0]).toMatchObject({
      client_url: URL_SHOWN,
      payload: {
        summary: 'Critical: Redis is active on one machine, suspended on the other',
        ...{ source: 'harbor production', severity: 'critical', timestamp: '2026-04-09T20:34:00.000Z' },
        custom_details: {
          command: 'fly secrets unset SUSPEND_REDIS',
          text: expect.stringContaining('deploy v1206'),
        },
      },
    });
    expect(events[1]).not.toHaveProperty('payload');
  });

  it('keeps within its limits, whatever a title holds', () => {
    const [event] = renderPagerDuty('m', alertBody({ title: 'x'.repeat(5_000) }));
    expect(event?.payload?.summary).toHaveLength(1_024);
  });

  it.each([
    ['missed', 'trigger', 'warning'],
    ['cant_tell', 'trigger', 'warning'],
    ['met', 'resolve', undefined],
  ] as const)('a verdict of %s does: %s', (state, act, severity) => {
    const [event] = renderPagerDuty('m', verdictBody(state));
    expect([event?.event_action, event?.dedup_key, event?.payload?.severity]).toEqual([act, 'd1', severity]);
  });

  it('leaves no incident open after a test', () => {
    const body: NoticeBody = {
      type: 'test',
      timestamp: '2026-04-09T20:34:00.000Z',
      data: { receiver: 'pd', url: 'https://w/settings' },
    };
    expect(
      renderPagerDuty('m', body).map(({ event_action, dedup_key }) => [event_action, dedup_key]),
    ).toEqual([
      ['trigger', 'm'],
      ['resolve', 'm'],
    ]);
  });
});

describe('what goes over the wire', () => {
  let server: HttpReceiver;
  beforeEach(async () => {
    server = await openHttpReceiver();
  });
  afterEach(() => server.close());

  const common = () => ({
    name: 'r',
    address: server.address,
    topics: NOTICE_TOPICS,
    severity: 'info' as const,
  });
  const url = (path = `/in?key=${HUSH}`) => new Secret(`${server.origin}${path}`);
  const all = (): Receiver[] => [
    { kind: 'slack', ...common(), url: url() },
    { kind: 'discord', ...common(), url: url() },
    {
      kind: 'webhook',
      ...common(),
      url: url(),
      secrets: [new Secret(`${HUSH}-one`), new Secret(`${HUSH}-two`)],
    },
    { kind: 'pagerduty', ...common(), url: url(''), routingKey: new Secret(KEY) },
  ];
  const send = (receiver: Receiver, deadlineMs = 5_000) => {
    const body = alertBody();
    const sending = { id: 'msg_1', body, text: JSON.stringify(body), nowMs: NOW_MS };
    return sendTo(receiver, sending, { deadlineMs });
  };
  const [SLACK, , WEBHOOK, PAGERDUTY] = [0, 1, 2, 3];
  const pick = (i: number | undefined): Receiver => {
    const found = all()[i ?? -1];
    if (found === undefined) throw new Error('no such receiver');
    return found;
  };

  it('each kind posts JSON to its own address and takes 2xx for a delivery', async () => {
    for (const receiver of all()) expect(await send(receiver)).toEqual({ ok: true });
    expect(server.seen.map(({ path }) => path.replace(HUSH, '…'))).toEqual([
      '/in?key=…',
      '/in?key=…',
      '/in?key=…',
      '/v2/enqueue',
    ]);
    for (const { headers } of server.seen) expect(headers['content-type']).toBe('application/json');
    expect(server.seen[3]?.json).toMatchObject({ routing_key: KEY, event_action: 'trigger' });
  });

  it('a webhook is signed with each secret, so that a receiver may know the old one or the new one', async () => {
    await send(pick(WEBHOOK));
    const [first] = server.seen;
    if (first === undefined) throw new Error('nothing came');
    const { headers, text } = first;
    const signed = `msg_1.${Math.floor(NOW_MS / 1_000)}.${text}`;
    const by = (secret: string) => `v1,${createHmac('sha256', secret).update(signed).digest('base64')}`;
    expect(headers['webhook-signature']).toBe(`${by(`${HUSH}-one`)} ${by(`${HUSH}-two`)}`);
    expect(headers['webhook-id']).toBe('msg_1');
  });

  it.each<[status: number, blame: string, isInvalid: boolean]>([
    [400, 'message', false],
    [413, 'message', false],
    [422, 'message', false],
    [401, 'receiver', true],
    [403, 'receiver', true],
    [404, 'receiver', true],
    [429, 'receiver', true],
    [408, 'receiver', false],
    [500, 'receiver', false],
    [503, 'receiver', false],
    [410, 'gone', false],
    [302, 'receiver', false],
  ])('%d is the fault of the %s', async (status, blame, isInvalid) => {
    server.behave({
      kind: 'answer',
      status,
      headers: { location: 'http://127.0.0.1:1/', 'retry-after': '30' },
    });
    for (const receiver of all()) expect(await send(receiver)).toMatchObject({ ok: false, blame, isInvalid });
    if (status !== 302) expect(await send(pick(SLACK))).toMatchObject({ retryAfterMs: 30_000 });
    expect(server.seen.length, 'a redirect is not followed').toBe(status === 302 ? 4 : 5);
  });

  it.each<[what: string, prepare: (server: HttpReceiver) => unknown, said: RegExp]>([
    ['drops the connection', (one) => one.behave({ kind: 'drop' }), /closed the connection/],
    ['takes it and loses the answer', (one) => one.behave({ kind: 'lose' }), /closed the connection/],
    ['never answers', (one) => one.behave({ kind: 'hang' }), /no complete answer within 0\.3 s/],
    [
      'answers too late',
      (one) => one.behave({ kind: 'answer', status: 204, afterMs: 900 }),
      /no complete answer within 0\.3 s/,
    ],
    ['refuses the connection', (one) => one.refuse(), /refused the connection/],
  ])(
    'a receiver that %s is told by its host alone, and its address and key by nothing',
    async (_what, prepare, said) => {
      await prepare(server);
      for (const receiver of all()) {
        const delivery = await send(receiver, 300);
        expect(delivery).toMatchObject({
          ok: false,
          blame: 'receiver',
          isInvalid: false,
          error: expect.stringMatching(said),
        });
        expect(JSON.stringify(delivery)).not.toMatch(/hush|hhhh|\/in|enqueue/);
      }
    },
  );

  it('the second of two events is not sent where the first was not taken', async () => {
    server.behave({ kind: 'answer', status: 503 });
    const body: NoticeBody = {
      type: 'test',
      timestamp: '2026-04-09T20:34:00.000Z',
      data: { receiver: 'pd', url: 'https://w/' },
    };
    const sending = { id: 'm', body, text: JSON.stringify(body), nowMs: NOW_MS };
    expect(await sendTo(pick(PAGERDUTY), sending)).toMatchObject({ ok: false });
    expect(server.seen).toHaveLength(1);
  });

  it('a metadata service is no receiver, whoever wrote it', async () => {
    const receiver: Receiver = {
      kind: 'slack',
      ...common(),
      url: new Secret('http://169.254.169.254/latest'),
    };
    expect(await send(receiver)).toMatchObject({ ok: false, error: expect.stringMatching(/link-local/) });
  });
});
