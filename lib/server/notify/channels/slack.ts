import 'server-only';
import type { SlackReceiver } from '../../config/receivers.ts';
import type { NoticeBody } from '../notice-body.ts';
import { plainNotice } from '../plain-notice.ts';
import { type Delivery, GLYPHS, postJson, type Sending, type SendOptions } from './channel.ts';

/** Slack cuts at 40,000 signs and asks for 4,000 at most. */
const MOST_CHARS = 3_900;

/** A message as an incoming webhook of Slack takes it: plain text, so that nothing in it mentions or formats. */
export function renderSlack(body: NoticeBody): string {
  const { tone, title, lines, command, url } = plainNotice(body);
  const rows = [`${GLYPHS[tone]} ${title}`, ...lines, ...(command === null ? [] : [command])].map(
    escapeSlack,
  );
  const text = cut(rows.join('\n'), MOST_CHARS);
  return JSON.stringify({
    text: url === null ? text : `${text}\n${escapeSlack(url)}`,
    mrkdwn: false,
    unfurl_links: false,
    unfurl_media: false,
  });
}

export function sendSlack(
  { url, address }: SlackReceiver,
  { body }: Sending,
  options: SendOptions,
): Promise<Delivery> {
  return postJson({ url: url.reveal(), address }, { text: renderSlack(body) }, options);
}

/** The three signs that Slack gives a meaning to: with them go mentions such as `<!channel>`. */
function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Never in the middle of an escaped sign. */
function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most).replace(/&[a-z]{0,3}$/, '')}…`;
}
