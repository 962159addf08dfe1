import 'server-only';
import { Socket } from 'node:net';
import { parentPort } from 'node:worker_threads';
import { box, CARD_PX, type CardNode, shape, words } from '@/lib/core/preview/card-node.ts';
import type { DrawReply, DrawRequest } from './preview-protocol.ts';

// The thread that draws pictures of shared copies. Bundled to `dist/preview-worker.mjs`. The library that draws asks
// fonts and emoji of others when its own font lacks a sign: in this thread there is no way out, whatever it is given.

let refused = 0;
function refuse(): never {
  refused += 1;
  throw new Error('the drawing thread has no network');
}
globalThis.fetch = async () => refuse();
Socket.prototype.connect = refuse;
// It also writes what it could not draw to the log, which is no place for text of others.
for (const name of ['log', 'warn', 'error', 'info', 'debug'] as const) console[name] = () => {};

const port = parentPort;
if (port === null) throw new Error('this file is a worker thread of the server');
const tell = (reply: DrawReply, move: ArrayBuffer[] = []) => port.postMessage(reply, move);

// After the network is gone.
const { ImageResponse } = await import('next/dist/compiled/@vercel/og/index.node.js');

// The first picture takes several times as long as the next ones: it is not one that anybody waits for.
const SIZE = { width: CARD_PX, height: 630 };
await drawCard({ card: firstCard(), ...SIZE });

function firstCard(): CardNode {
  const line = shape('path', { d: 'M0 0L1200 630', stroke: '#000000', fill: 'none' });
  return box(
    { ...SIZE, position: 'relative' },
    shape('svg', { ...SIZE, viewBox: '0 0 1200 630' }, line),
    words('Afterwatch 0123456789', { position: 'absolute', fontSize: 44, display: 'block', lineClamp: 2 }),
  );
}

async function drawCard({ card, width, height }: DrawRequest): Promise<Uint8Array<ArrayBuffer>> {
  // An element is nothing but its type and its properties; this thread has no React to make one with.
  const element = card as unknown as ConstructorParameters<typeof ImageResponse>[0];
  return new Uint8Array(await new ImageResponse(element, { width, height }).arrayBuffer());
}

async function draw(request: DrawRequest): Promise<void> {
  refused = 0;
  try {
    const png = await drawCard(request);
    tell({ kind: 'drawn', png, refused }, [png.buffer]);
  } catch (error) {
    tell({ kind: 'failed', message: error instanceof Error ? error.message : 'no reason', refused });
  }
}

port.on('message', (request: DrawRequest) => void draw(request));
tell({ kind: 'ready' });
