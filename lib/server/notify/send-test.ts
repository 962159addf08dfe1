import 'server-only';
import type { Receiver } from '../config/receivers.ts';
import type { Config } from '../config/types.ts';
import type { sendTo } from './channels/index.ts';
import { iso, messageOf } from './message.ts';
import type { NoticeBody } from './notice-body.ts';
import { settingsUrl } from './page-url.ts';

/** What came of a test message; `text` is one sentence. */
export interface ReceiverTest {
  ok: boolean;
  text: string;
}

/** Sends one message that says it is a test, once. At PagerDuty it opens an incident and resolves it. */
export async function sendTest(
  config: Pick<Config, 'publicUrl' | 'bind'>,
  receiver: Receiver,
  send: typeof sendTo,
  nowMs: number,
): Promise<ReceiverTest> {
  const { name, address } = receiver;
  const body: NoticeBody = {
    type: 'test',
    timestamp: iso(nowMs),
    data: { receiver: name, url: settingsUrl(config) },
  };
  const { id, body: text } = messageOf(`test of ${name} at ${nowMs}`, body, {
    about: 'a test',
    incident: `test ${name}`,
  });
  const beganMs = performance.now();
  const delivery = await send(receiver, { id, body, text, nowMs });
  if (!delivery.ok) return { ok: false, text: `${delivery.error}.` };
  return {
    ok: true,
    text: `${address} took the test message in ${Math.round(performance.now() - beganMs)} ms.`,
  };
}
