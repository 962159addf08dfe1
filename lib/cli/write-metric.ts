import { setTimeout as wait } from 'node:timers/promises';
import { CSV_HEADER } from '@/lib/core/history/csv-lines.ts';
import { OPENMETRICS_END } from '@/lib/core/history/openmetrics-lines.ts';
import { streamServer } from './ask-server.ts';
import type { CommandIo } from './command.ts';
import type { ExportQuery, Sink } from './export-sink.ts';

/** Where the server counts our requests, or writes other exports, it is waited for. */
const TRY_AGAIN_MS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];

/** Writes what the server sends of one metric, without the first and last line that each answer has. Null when all went well. */
export async function writeMetric(
  path: string,
  format: ExportQuery['format'],
  sink: Pick<Sink, 'write'>,
  { io, show }: { io: CommandIo; show: () => void },
): Promise<{ text: string; refused: boolean } | null> {
  for (let tries = 0; ; tries++) {
    const answer = await streamServer(io, path);
    if ('pieces' in answer) return writePieces(answer.pieces, format, sink, show);
    const pauseMs = TRY_AGAIN_MS[tries];
    if (answer.status !== 429 || pauseMs === undefined)
      return { text: answer.fault, refused: answer.refused && answer.status !== 429 };
    await wait(pauseMs);
  }
}

async function writePieces(
  pieces: AsyncIterable<Uint8Array>,
  format: ExportQuery['format'],
  sink: Pick<Sink, 'write'>,
  show: () => void,
): Promise<{ text: string; refused: boolean } | null> {
  const decoder = new TextDecoder();
  let isFirst = true;
  let rest = '';
  try {
    for await (const piece of pieces) {
      show();
      rest += decoder.decode(piece, { stream: true });
      if (isFirst && format === 'csv') {
        if (rest.length < CSV_HEADER.length) continue;
        if (!rest.startsWith(CSV_HEADER))
          return { text: 'the server sent no samples: is it an Afterwatch of this version?', refused: false };
        rest = rest.slice(CSV_HEADER.length);
      }
      isFirst = false;
      // The last whole line is held back: it may be the end.
      const end = rest.lastIndexOf('\n', rest.length - 2) + 1;
      if (end === 0) continue;
      const text = rest.slice(0, end);
      rest = rest.slice(end);
      await sink.write(text, countRows(text));
    }
  } catch (error) {
    return { text: error instanceof Error ? error.message : 'broke off', refused: false };
  }
  if (isFirst) return { text: 'the answer was cut off', refused: false };
  if (format === 'csv') await sink.write(rest, countRows(rest));
  else if (rest !== OPENMETRICS_END) return { text: 'the answer was cut off', refused: false };
  return null;
}

/** Lines that hold a sample. */
function countRows(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'), from = 0; at !== -1; from = at + 1, at = text.indexOf('\n', from)) {
    if (text[from] !== '#') count += 1;
  }
  return count;
}
