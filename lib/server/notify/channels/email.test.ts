import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { NOTICE_TOPICS } from '@/lib/core/model/receiver.ts';
import { openSmtpReceiver, type SmtpReceiver } from '@/test/receivers/smtp-receiver.ts';
import type { EmailReceiver } from '../../config/receivers.ts';
import { Secret } from '../../config/secret.ts';
import { makeCertificate } from '../../http/test-certificate.ts';
import type { AlertBody, NoticeBody } from '../notice-body.ts';
import { renderEmail, sendEmail } from './email.ts';

const NOW_MS = Date.parse('2026-04-09T20:40:00Z');
const PASSWORD = 'hush@hush/hush';
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

function alert(title = 'Redis is mixed', type: AlertBody['type'] = 'alert.firing'): AlertBody {
  return {
    type,
    timestamp: '2026-04-09T20:34:00.000Z',
    data: {
      incident: 'inc_1',
      by: null,
      firstStep: { text: 'Look.', command: 'fly status' },
      alert: {
        ...{ id: 'redis_mixed', rule: 'redis_mixed', kind: 'rule', severity: 'warning', title, detail: null },
        ...{ app: 'harbor', environment: 'production', source: null, release: null, means: [] },
        ...{ firedAt: '2026-04-09T20:34:00.000Z', url: 'https://watch.example/alerts' },
      },
    },
  };
}

function target(
  port: number,
  change: { scheme?: string; login?: string; to?: readonly string[] } = {},
): EmailReceiver {
  const { scheme = 'smtp', login = '', to = ['ann@example.com', 'bo@example.com'] } = change;
  return {
    ...{ kind: 'email', name: 'mail', address: `127.0.0.1:${port}`, topics: NOTICE_TOPICS, severity: 'info' },
    ...{ from: 'watch@harbor.example', to, url: new Secret(`${scheme}://${login}127.0.0.1:${port}`) },
  };
}

async function open(options?: Parameters<typeof openSmtpReceiver>[0]): Promise<SmtpReceiver> {
  const server = await openSmtpReceiver(options);
  closers.push(server.close);
  return server;
}

const send = (to: EmailReceiver, body: NoticeBody = alert(), deadlineMs = 5_000) =>
  sendEmail(to, { id: 'msg_1', body, text: JSON.stringify(body), nowMs: NOW_MS }, { deadlineMs });

describe('mail', () => {
  it('arrives as text at all readers, with an id made of ours', async () => {
    const server = await open();
    expect(await send(target(server.port))).toEqual({ ok: true });
    const [mail] = server.mails;
    expect(mail).toMatchObject({
      from: 'watch@harbor.example',
      to: ['ann@example.com', 'bo@example.com'],
      user: null,
    });
    expect(mail?.headers.get('subject')).toBe('[Afterwatch] Warning: Redis is mixed');
    expect(mail?.headers.get('message-id')).toBe('<msg_1@harbor.example>');
    expect(mail?.headers.get('auto-submitted')).toBe('auto-generated');
    expect(mail?.headers.get('date')).toMatch(/09 Apr 2026 20:40:00/);
    expect(mail?.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(mail?.text.split('\r\n')).toEqual(
      expect.arrayContaining([
        'Warning: Redis is mixed',
        'First: Look.',
        '  fly status',
        'https://watch.example/alerts',
      ]),
    );
  });

  it('stands under the mail that told of the firing', () => {
    const later = renderEmail('msg_2', alert('x', 'alert.resolved'), 'a@b.example');
    expect(later.inReplyTo).toMatch(/^<msg_[0-9a-f]{32}@b\.example>$/);
    expect(renderEmail('msg_3', alert('x', 'alert.acknowledged'), 'a@b.example').inReplyTo).toBe(
      later.inReplyTo,
    );
    expect(renderEmail('msg_1', alert(), 'a@b.example').inReplyTo).toBeNull();
  });

  it.each([
    ['a line end', 'x\r\nBcc: eve@example.com\r\n\r\nbody'],
    ['a bare line feed', 'x\nBcc: eve@example.com'],
    ['a Unicode line end', 'x\u2028Bcc: eve@example.com'],
    ['a NUL', 'x\0Bcc: eve@example.com'],
  ])('%s in a title ends no header and names no reader', async (_what, title) => {
    const server = await open();
    expect(await send(target(server.port), alert(title))).toEqual({ ok: true });
    const [mail] = server.mails;
    expect(mail?.to).toEqual(['ann@example.com', 'bo@example.com']);
    expect([...(mail?.headers.keys() ?? [])]).not.toContain('bcc');
    expect(mail?.headers.get('subject')).toMatch(/x Bcc: eve@example\.com/);
  });

  it('signs in with the user and password of the address, percent-decoded', async () => {
    const server = await open({
      authOptional: false,
      onAuth: ({ username, password }, _session, done) =>
        password === PASSWORD ? done(null, { user: username }) : done(new Error('Invalid login hush')),
    });
    const login = `sender:${encodeURIComponent(PASSWORD)}@`;
    expect(await send(target(server.port, { login }))).toEqual({ ok: true });
    expect(server.mails[0]?.user).toBe('sender');
    const refused = await send(target(server.port, { login: 'sender:hush-wrong@' }));
    expect(refused).toMatchObject({ ok: false, blame: 'receiver', isInvalid: true });
    expect(refused).toMatchObject({
      error: expect.stringMatching(/did not accept the user and password; it answered 535/),
    });
    expect(JSON.stringify(refused)).not.toMatch(/hush|sender/);
  });

  it('over smtps:// is not sent past a certificate that nobody trusts', async () => {
    const server = await open({ secure: true });
    const delivery = await send(target(server.port, { scheme: 'smtps' }));
    expect(delivery).toMatchObject({ ok: false, blame: 'receiver' });
    expect(server.mails).toEqual([]);
  });

  it.each<[what: string, answer: number, blame: string]>([
    ['for good', 554, 'message'],
    ['for now', 451, 'receiver'],
  ])(
    'that the server refuses %s is told by its number, not by what it said',
    async (_what, responseCode, blame) => {
      const server = await open({
        onData: (stream, _session, done) => {
          stream.resume().on('end', () => done(Object.assign(new Error('hush words'), { responseCode })));
        },
      });
      const delivery = await send(target(server.port));
      expect(delivery).toMatchObject({
        ok: false,
        blame,
        error: `127.0.0.1:${server.port} did not take the mail; it answered ${responseCode}`,
      });
    },
  );

  it('to readers that the server does not know is the fault of the settings', async () => {
    const server = await open({
      onRcptTo: (_address, _session, done) =>
        done(Object.assign(new Error('no such user'), { responseCode: 550 })),
    });
    expect(await send(target(server.port))).toMatchObject({
      ok: false,
      blame: 'receiver',
      error: expect.stringMatching(/550/),
    });
  });

  it('to a server that hangs, half-open or in mid-talk, ends with the deadline', async () => {
    for (const greets of [false, true]) {
      const hanging = await listen((text) => (greets && text === null ? '220 here\r\n' : null));
      const began = performance.now();
      expect(await send(target(hanging), alert(), 300)).toMatchObject({
        ok: false,
        error: expect.stringMatching(/within 0\.3 s/),
      });
      expect(performance.now() - began).toBeLessThan(3_000);
    }
  });

  it('to a server that is not there, or drops the connection, says so', async () => {
    const server = await openSmtpReceiver();
    await server.close();
    expect(await send(target(server.port))).toMatchObject({
      ok: false,
      error: expect.stringMatching(/refused the connection/),
    });
    const dropping = await listen(() => 'end');
    expect(await send(target(dropping))).toMatchObject({ ok: false, blame: 'receiver' });
  });

  it('that a link-local address would take is not sent', async () => {
    const to = { ...target(25), url: new Secret('smtp://169.254.169.254:25') };
    expect(await send(to)).toMatchObject({ ok: false, error: expect.stringMatching(/link-local/) });
  });

  it('over TLS from the start, or changed to by STARTTLS, arrives where the certificate is trusted', async () => {
    const valid = {
      notBefore: new Date(Date.now() - 86_400_000),
      notAfter: new Date(Date.now() + 86_400_000),
    };
    const authority = makeCertificate({ name: 'test authority', isAuthority: true, ...valid });
    const { certPem, keyPem } = makeCertificate({ name: 'mail.test', issuer: authority, ...valid });
    const connect = { ca: authority.certPem, resolve: async () => [{ address: '127.0.0.1', family: 4 }] };
    for (const scheme of ['smtps', 'smtp']) {
      const server = await open({ secure: scheme === 'smtps', cert: certPem, key: keyPem });
      const to = { ...target(server.port), url: new Secret(`${scheme}://mail.test:${server.port}`) };
      const sending = { id: 'msg_1', body: alert(), text: '', nowMs: NOW_MS };
      expect(await sendEmail(to, sending, { connect })).toEqual({ ok: true });
      expect(server.mails).toMatchObject([{ isSecure: true }]);
      expect(await sendEmail(to, sending, { connect: { ...connect, ca: certPem } })).toMatchObject({
        ok: false,
      });
      expect(server.mails).toHaveLength(1);
    }
  });

  it('with a password goes in the clear to no other machine', async () => {
    const server = await open();
    const connect = { resolve: async () => [{ address: '127.0.0.1', family: 4 }] };
    const to = (login: string) => ({
      ...target(server.port),
      url: new Secret(`smtp://${login}mail.test:${server.port}`),
    });
    const sending = { id: 'msg_1', body: alert(), text: '', nowMs: NOW_MS };
    const refused = await sendEmail(to('u:hush-hush@'), sending, { connect });
    expect(refused).toMatchObject({ ok: false, error: expect.stringMatching(/could not agree on TLS/) });
    expect(server.mails).toEqual([]);
    expect(await sendEmail(to(''), sending, { connect })).toEqual({ ok: true });
  });
});

/** A server that answers each piece with what `reply` gives; the greeting is asked for with null. */
async function listen(reply: (text: string | null) => string | null): Promise<number> {
  const server: Server = createServer((socket) => {
    const act = (text: string | null) => {
      const answer = reply(text);
      if (answer === 'end') socket.destroy();
      else if (answer !== null) socket.write(answer);
    };
    socket.on('error', () => {});
    socket.on('data', (part) => act(String(part)));
    act(null);
    closers.push(() => socket.destroy());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closers.push(() => new Promise((done) => server.close(done)));
  const bound = server.address();
  return typeof bound === 'object' && bound !== null ? bound.port : 0;
}
