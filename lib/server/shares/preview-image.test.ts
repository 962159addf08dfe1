import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toldCopy } from '@/lib/core/markdown/test-copy.ts';
import type { OpenedShare } from '@/lib/core/model/share.ts';
import { words } from '@/lib/core/preview/card-node.ts';
import { drawableText } from '@/lib/core/preview/drawable-text.ts';
import { HOSTILE_TEXTS } from '@/lib/core/preview/test-hostile-texts.ts';
import { drawPreview, PreviewImages } from './preview-image.ts';
import { previewResponse } from './preview-response.ts';
import { PreviewThread } from './preview-thread.ts';
import { readPng } from './test-png.ts';

const workerPath = join(process.cwd(), 'dist/preview-worker.mjs');
/** A thread that says that it is ready, and then nothing. */
const hangingPath = join(process.cwd(), 'test/hanging-thread.mjs');
/** What is drawn is judged here, not how fast a busy machine draws it. */
const limitMs = 25_000;
const thread = new PreviewThread({ workerPath, limitMs });
const images = new PreviewImages({ workerPath, limitMs });
const SIZE = { width: 1_200, height: 630 };
const copyOf = (title: string) => ({ id: title, rev: 1, copy: toldCopy('v1203', { title }) });

let connects = 0;
const canary = createServer((socket) => {
  connects += 1;
  socket.destroy();
});
beforeAll(async () => {
  await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve));
  await drawPreview(thread, toldCopy('first'));
});
afterAll(async () => {
  await Promise.all([thread.close(), images.close()]);
  await new Promise((resolve) => canary.close(resolve));
});

function canaryUrl(): string {
  const address = canary.address();
  return address === null || typeof address === 'string' ? '' : `http://127.0.0.1:${address.port}/x.png`;
}

/** Four texts in the four places of a picture where text of others stands; addresses in them are those of the canary. */
function hostileCopy(texts: readonly string[]): ReturnType<typeof toldCopy> {
  const aimed = texts.map((text) => text.replaceAll('http://127.0.0.1:9/', canaryUrl()));
  const [title = '', place = '', chartTitle = '', release = ''] = aimed;
  const copy = toldCopy(release, { title, place });
  return { ...copy, charts: copy.charts.map((chart) => ({ ...chart, title: chartTitle })) };
}

const hostile = Object.entries(HOSTILE_TEXTS);
const fours = hostile.flatMap((_, index) => (index % 4 === 0 ? [hostile.slice(index, index + 4)] : []));

describe('the picture of a share', () => {
  // Each of them as a whole copy: `npm run bench preview`.
  it.each(
    fours.map((four) => [four.map(([name]) => name).join(', '), four.map(([, text]) => text)] as const),
  )('is a whole PNG of 1200 × 630 under %s, and asks nobody for anything', async (_names, texts) => {
    const { png, refused } = await drawPreview(thread, hostileCopy(texts));
    expect(readPng(png)).toMatchObject(SIZE);
    expect(refused).toBe(0);
    expect(connects).toBe(0);
  });

  it('every sign that may be drawn is in the font', async () => {
    const signs = Array.from({ length: 0x3000 }, (_, code) => String.fromCodePoint(code));
    const drawable = [...new Set(signs.flatMap((sign) => [...drawableText(`a${sign}b`, 9)]))].join('');
    expect(drawable).toContain('Ж');
    const card = words(drawable, { width: 1_200, fontSize: 8, wordBreak: 'break-word' });
    expect(await thread.draw({ card, ...SIZE })).toMatchObject({ refused: 0 });
  });

  it('the thread has no way out even for what is not drawable', async () => {
    const image = { type: 'img', props: { src: canaryUrl(), width: 10, height: 10 } } as const;
    for (const card of [words('部署 🔥'), image]) {
      // Not a card that we make: it is what one would be if a text of others had become an element.
      const element = JSON.parse(JSON.stringify(card));
      const told = await thread.draw({ card: element, ...SIZE }).catch((error: unknown) => error);
      expect(told instanceof Error || (told as { refused: number }).refused > 0).toBe(true);
    }
    expect(connects).toBe(0);
  });

  it('is drawn once a copy and kept, and who asks meanwhile waits for the same one', async () => {
    const share = copyOf('once');
    const [first, second] = await Promise.all([images.read(share), images.read(share)]);
    const third = await images.read(share);
    expect([first.kind, second.kind, third.kind]).toEqual(['png', 'png', 'png']);
    expect(third.kind === 'png' && first.kind === 'png' && third.png === first.png).toBe(true);
  });

  it('at most eight wait; the next one is asked to come again, and all of them when the server ends', async () => {
    const hangs = new PreviewImages({ workerPath: hangingPath, limitMs });
    const asked = Array.from({ length: 12 }, (_, index) => hangs.read(copyOf(`w${index}`)));
    const soon = { kind: 'busy', retryAfterSeconds: 5 };
    expect(await Promise.all(asked.slice(9))).toEqual([soon, soon, soon]);
    await hangs.close();
    expect(await Promise.all(asked.slice(1))).toEqual(Array(11).fill(soon));
  });

  it('what hangs is ended at the limit, told, and rests a minute', async () => {
    const faults: unknown[] = [];
    const hangs = new PreviewImages({
      ...{ workerPath: hangingPath, limitMs: 50, clock: () => 0 },
      onFault: (error) => faults.push(error),
    });
    const rests = { kind: 'busy', retryAfterSeconds: 60 };
    expect(await hangs.read(copyOf('hangs'))).toEqual(rests);
    expect(await hangs.read(copyOf('hangs'))).toEqual(rests);
    expect(faults.map(String)).toEqual(['Error: the picture was not drawn within 150 ms']);
    await hangs.close();
  });

  it.each<[string, OpenedShare, number | null]>([
    ['a link that lives', { found: 'copy', expiresMs: 0, ...copyOf('once') }, 200],
    ['a link that has ended', { found: 'gone' }, 410],
    ['a link that never was', { found: 'nothing' }, null],
  ])('%s', async (_name, opened, status) => {
    const shares = { open: async () => opened };
    // Of the book of shares the route needs this one function.
    const runtime = { shares, log: { error: () => {} } } as unknown as Parameters<typeof previewResponse>[0];
    const answer = await previewResponse(runtime, 'token', images);
    expect(answer?.status ?? null).toBe(status);
    if (status === 200) expect(answer?.headers.get('content-type')).toBe('image/png');
  });
});
