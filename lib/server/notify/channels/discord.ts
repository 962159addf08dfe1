import 'server-only';
import type { DiscordReceiver } from '../../config/receivers.ts';
import type { NoticeBody } from '../notice-body.ts';
import { plainNotice } from '../plain-notice.ts';
import { type Delivery, GLYPHS, postJson, type Sending, type SendOptions } from './channel.ts';

/** Discord refuses more than 2,000 signs. */
const MOST_CHARS = 1_900;

/** A message as a webhook of Discord takes it; mentions are off, whatever a text holds. */
export function renderDiscord(body: NoticeBody): string {
  const { tone, title, lines, command, url } = plainNotice(body);
  const rows = [`${GLYPHS[tone]} ${title}`, ...lines, ...(command === null ? [] : [command])].map(
    escapeDiscord,
  );
  const room = MOST_CHARS - (url === null ? 0 : url.length + 3);
  const text = cut(rows.join('\n'), Math.max(room, 0));
  return JSON.stringify({
    // In angle brackets an address shows no preview.
    content: url === null ? text : `${text}\n<${url}>`,
    allowed_mentions: { parse: [] },
  });
}

export function sendDiscord(
  { url, address }: DiscordReceiver,
  { body }: Sending,
  options: SendOptions,
): Promise<Delivery> {
  return postJson({ url: url.reveal(), address }, { text: renderDiscord(body) }, options);
}

/** Signs of Markdown, of mentions and of links; a heading or list begins only at the start of a line. */
function escapeDiscord(text: string): string {
  return text.replace(/[\\*_~`|<>@[\]()]/g, '\\$&').replace(/^(\s*)([#+-]|\d+\.)/, '$1\\$2');
}

/** Never between a backslash and its sign, nor inside a pair of surrogates. */
function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most).replace(/[\\\uD800-\uDBFF]+$/, '')}…`;
}
