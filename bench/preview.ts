import { createServer } from 'node:net';
import { join } from 'node:path';
import { toldCopy } from '@/lib/core/markdown/test-copy.ts';
import { HOSTILE_TEXTS } from '@/lib/core/preview/test-hostile-texts.ts';
import { drawPreview } from '@/lib/server/shares/preview-image.ts';
import { PreviewThread } from '@/lib/server/shares/preview-thread.ts';
import { readPng } from '@/lib/server/shares/test-png.ts';
import type { Row } from './lib/row.ts';

const LIMIT_MS = 10_000;
const PICTURES = 24;
const MB = 1024 * 1024;
const WHAT = 'picture of a share';

/**
 * The picture of a shared copy: whole under every hostile text, with nobody asked for anything, and what it costs. Ends
 * with exit code 1 where a picture is none or something was asked.
 */
export async function benchPreview(): Promise<Row[]> {
  let connects = 0;
  const canary = createServer((socket) => {
    connects += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve));
  const thread = new PreviewThread({
    workerPath: join(process.cwd(), 'dist', 'preview-worker.mjs'),
    limitMs: LIMIT_MS,
  });
  try {
    const hostile = await drawHostile(thread, addressOf(canary.address()));
    const rows = [
      { name: `${WHAT}, hostile texts`, value: hostile.whole, unit: 'PNGs', note: `of ${hostile.asked}` },
      { name: `${WHAT}, asked of the network`, value: hostile.refused, unit: 'times', note: 'refused' },
      { name: `${WHAT}, connections`, value: connects, unit: 'connects', note: 'to a listener of ours' },
      ...(await measureCost(thread)),
    ];
    if (hostile.whole < hostile.asked || hostile.refused + connects > 0) {
      console.error('preview: a picture is none, or something was asked of the network', hostile, connects);
      process.exitCode = 1;
    }
    return rows;
  } finally {
    await thread.close();
    await new Promise((resolve) => canary.close(resolve));
  }
}

function addressOf(address: ReturnType<ReturnType<typeof createServer>['address']>): string {
  return address === null || typeof address === 'string' ? '' : `http://127.0.0.1:${address.port}/`;
}

/** Each text stands wherever others write something; addresses in it are those of the canary. */
async function drawHostile(
  thread: PreviewThread,
  canary: string,
): Promise<{ asked: number; whole: number; refused: number }> {
  const texts = Object.values(HOSTILE_TEXTS);
  let whole = 0;
  let refused = 0;
  for (const text of texts) {
    const drawn = await drawPreview(thread, toldCopy(text.replaceAll('http://127.0.0.1:9/', canary)));
    const { width, height } = readPng(drawn.png);
    whole += Number(width === 1_200 && height === 630);
    refused += drawn.refused;
  }
  return { asked: texts.length, whole, refused };
}

/** What one costs once the thread is warm, and what the process keeps of them. */
async function measureCost(thread: PreviewThread): Promise<Row[]> {
  const before = process.memoryUsage.rss();
  const took: number[] = [];
  const began = process.cpuUsage();
  let bytes = 0;
  for (let index = 0; index < PICTURES; index += 1) {
    const startMs = performance.now();
    const { png } = await drawPreview(
      thread,
      toldCopy('v1203', { title: `Redis GETs did not fall (${index})` }),
    );
    took.push(performance.now() - startMs);
    bytes = Math.max(bytes, png.length);
  }
  const { user, system } = process.cpuUsage(began);
  const grownMb = (process.memoryUsage.rss() - before) / MB;
  const sorted = took.toSorted((a, b) => a - b);
  return [
    { name: `${WHAT}, drawn`, value: sorted[PICTURES / 2] ?? 0, unit: 'ms', note: 'median, one at a time' },
    { name: `${WHAT}, slowest`, value: sorted.at(-1) ?? 0, unit: 'ms', note: `of ${PICTURES}` },
    { name: `${WHAT}, processor`, value: (user + system) / 1_000 / PICTURES, unit: 'ms', note: 'mean' },
    { name: `${WHAT}, size`, value: bytes / 1024, unit: 'KB', note: 'largest' },
    { name: `${WHAT}, memory kept`, value: grownMb, unit: 'MB', note: `RSS after ${PICTURES} pictures` },
  ];
}
