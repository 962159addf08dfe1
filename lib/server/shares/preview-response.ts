import 'server-only';
import { join } from 'node:path';
import type { OpenedShare } from '@/lib/core/model/share.ts';
import type { Runtime } from '../runtime.ts';
import { PreviewImages } from './preview-image.ts';

/** One for the process: this is part of one route, which is built once. */
let images: PreviewImages | null = null;

/**
 * The answer to who asks for the picture of a link: the picture, 410 for a link that has ended, 503 while none can be
 * drawn; null for a link that was never made. Never rejects: a fault is told with its path, which holds the token.
 */
export async function previewResponse(
  { shares, log }: Pick<Runtime, 'shares' | 'log'>,
  token: string,
  draw: PreviewImages = kept(log),
): Promise<Response | null> {
  const opened = await open(shares, token);
  if (opened === null) {
    log.error('a share could not be read for its picture');
    return refusal(503, 'The picture cannot be drawn now.', { 'Retry-After': '10' });
  }
  switch (opened.found) {
    case 'nothing':
      return null;
    case 'gone':
      return refusal(410, 'This link has ended.');
    case 'copy': {
      const answer = await draw.read(opened);
      if (answer.kind === 'busy')
        return refusal(503, 'The picture cannot be drawn now.', {
          'Retry-After': String(answer.retryAfterSeconds),
        });
      return new Response(answer.png, { headers: { 'Content-Type': 'image/png' } });
    }
    default:
      return opened satisfies never;
  }
}

function kept(log: Runtime['log']): PreviewImages {
  images ??= new PreviewImages({
    // Next runs with the project folder as its working directory; `scripts/bundle.mjs` made the file.
    workerPath: join(process.cwd(), 'dist', 'preview-worker.mjs'),
    onFault: (error) => log.error({ err: error }, 'the picture of a share could not be drawn'),
  });
  return images;
}

async function open(shares: Runtime['shares'], token: string): Promise<OpenedShare | null> {
  if (shares === undefined) return { found: 'nothing' };
  try {
    return await shares.open(token);
  } catch {
    return null;
  }
}

function refusal(status: 410 | 503, text: string, headers: Record<string, string> = {}): Response {
  return new Response(`${text}\n`, {
    status,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', ...headers },
  });
}
