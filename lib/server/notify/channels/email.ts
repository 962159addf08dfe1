import 'server-only';
import { connect, type Socket } from 'node:net';
import { createTransport } from 'nodemailer';
import { SECOND_MS } from '@/lib/core/time/range.ts';
import { isLoopback } from '../../config/address.ts';
import type { EmailReceiver } from '../../config/receivers.ts';
import { literalAddress, refuseAddress } from '../../http/address-policy.ts';
import { describeFailure, FetchError } from '../../http/fetch-error.ts';
import { checkedLookup } from '../../http/guarded-connect.ts';
import { firingId } from '../alert-messages.ts';
import type { NoticeBody } from '../notice-body.ts';
import { plainNotice } from '../plain-notice.ts';
import { DEADLINE_MS, type Delivery, failed, type Sending, type SendOptions } from './channel.ts';

const MOST_SUBJECT = 180;
const CONNECT_MS = 10 * SECOND_MS;

/** A message as mail: text only. */
export interface Mail {
  subject: string;
  text: string;
  messageId: string;
  /** The mail that this one belongs under; null for the first of its kind. */
  inReplyTo: string | null;
}

/** A message as mail of a sender; its id is made of ours, so that a repeat is known. */
export function renderEmail(id: string, body: NoticeBody, from: string): Mail {
  const { title, lines, command, url } = plainNotice(body);
  const host = from.slice(from.lastIndexOf('@') + 1);
  const isLater = body.type === 'alert.acknowledged' || body.type === 'alert.resolved';
  const rows = [
    title,
    '',
    ...lines,
    ...(command === null ? [] : ['', `  ${command}`]),
    ...(url === null ? [] : ['', url]),
  ];
  return {
    subject: oneLine(`[Afterwatch] ${title}`).slice(0, MOST_SUBJECT),
    text: `${rows.join('\n')}\n`,
    messageId: `<${id}@${host}>`,
    inReplyTo: isLater ? `<${firingId(body.data.incident)}@${host}>` : null,
  };
}

/** Control characters would end a header. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
}

/**
 * Hands one mail to the server; never rejects. One connection a mail, ended with it. `smtps://` speaks TLS from the start;
 * `smtp://` changes to TLS where the server offers it, and must where a password would go to another machine.
 */
export async function sendEmail(
  { url, address, from, to }: EmailReceiver,
  { id, body, nowMs }: Sending,
  { signal, deadlineMs = DEADLINE_MS, connect: options }: SendOptions,
): Promise<Delivery> {
  const server = new URL(url.reveal());
  const mail = renderEmail(id, body, from);
  let socket: Socket | null = null;
  const timeout = AbortSignal.timeout(deadlineMs);
  const ended = AbortSignal.any([timeout, ...(signal === undefined ? [] : [signal])]);
  const end = () => socket?.destroy();
  ended.addEventListener('abort', end, { once: true });
  try {
    socket = await openSocket(server, ended, options?.resolve);
    const transport = createTransport({
      connection: socket,
      host: hostOf(server),
      secure: server.protocol === 'smtps:',
      requireTLS: server.protocol === 'smtp:' && server.password !== '' && !isLoopback(server.hostname),
      ...(options?.ca === undefined ? {} : { tls: { ca: options.ca } }),
      ...(server.password === ''
        ? {}
        : { auth: { user: decodeURIComponent(server.username), pass: decodeURIComponent(server.password) } }),
      greetingTimeout: deadlineMs,
      socketTimeout: deadlineMs,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    await transport.sendMail({
      from,
      to: [...to],
      subject: mail.subject,
      text: mail.text,
      date: new Date(nowMs),
      messageId: mail.messageId,
      ...(mail.inReplyTo === null ? {} : { inReplyTo: mail.inReplyTo, references: mail.inReplyTo }),
      headers: { 'Auto-Submitted': 'auto-generated' },
    });
    return { ok: true };
  } catch (error) {
    if (timeout.aborted) return failed(`${address} did not take the mail within ${deadlineMs / SECOND_MS} s`);
    return mailFault(error, address);
  } finally {
    ended.removeEventListener('abort', end);
    socket?.destroy();
  }
}

/** A connection to the server, by the same rules as everything else that leaves: link-local addresses are refused. */
function openSocket(
  server: URL,
  signal: AbortSignal,
  resolveName: Parameters<typeof checkedLookup>[0]['resolve'],
): Promise<Socket> {
  const literal = literalAddress(server.hostname);
  const refusal = literal === null ? null : refuseAddress(literal, 'config');
  if (refusal !== null) return Promise.reject(new FetchError('blocked', `${server.hostname} ${refusal}`));
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const socket = connect({
      host: hostOf(server),
      port: Number(server.port || (server.protocol === 'smtps:' ? 465 : 587)),
      lookup: checkedLookup({
        trust: 'config',
        ...(resolveName === undefined ? {} : { resolve: resolveName }),
      }),
    });
    const onAbort = () => socket.destroy(new Error('ended'));
    signal.addEventListener('abort', onAbort, { once: true });
    socket.setTimeout(CONNECT_MS, () =>
      socket.destroy(new FetchError('timeout', `${server.hostname} did not accept a connection in time`)),
    );
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.off('error', reject);
      signal.removeEventListener('abort', onAbort);
      // Until the mail has listeners of its own, an error ends the socket and nothing else.
      socket.on('error', () => {});
      resolve(socket);
    });
  });
}

function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '');
}

/** What a mail server said no to, in our own words: its own may hold anything. */
function mailFault(error: unknown, address: string): Delivery {
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown };
  const status = typeof responseCode === 'number' ? responseCode : null;
  if (code === 'EAUTH')
    return { ...refused(`${address} did not accept the user and password${said(status)}`), isInvalid: true };
  if (code === 'ETLS')
    return failed(
      `${address} could not agree on TLS; use smtps://, or a server that offers STARTTLS with a valid certificate`,
    );
  // A lasting no to the text itself is about this mail; a no to sender or readers is about the server's settings.
  const isText = code === 'EMESSAGE' && status !== null && status >= 500;
  if (status !== null || code === 'EENVELOPE')
    return {
      ...refused(`${address} did not take the mail${said(status)}`),
      blame: isText ? 'message' : 'receiver',
    };
  return failed(describeFailure(error, address).message);
}

function refused(error: string): Extract<Delivery, { ok: false }> {
  return { ok: false, error, blame: 'receiver', retryAfterMs: null, isInvalid: false };
}

function said(status: number | null): string {
  return status === null ? '' : `; it answered ${status}`;
}
