import { setTimeout as wait } from 'node:timers/promises';
import { type HistoryPart, partAnswerSchema } from '@/lib/core/history/part.ts';
import { PartMaker } from '@/lib/core/history/part-maker.ts';
import { askServer } from './ask-server.ts';
import type { CommandIo } from './command.ts';
import { type FileFacts, type ImportFile, isCounter, rowsOf } from './import-file.ts';
import { forgetSentParts, keepSentParts, readSentParts } from './import-state.ts';
import type { Progress } from './progress.ts';
import { readLines } from './read-lines.ts';

/** Between tries of one part: a server that restarts, or counts our requests, is waited for about two minutes. */
const TRY_AGAIN_MS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000, 30_000, 30_000];
/** A part is written by one process for all of its series: far longer than any took. */
const WAIT_MS = 50_000;

export type Sent =
  | { parts: number; blocks: number; tooOld: number; resumedAt: number }
  | { fault: string; refused: boolean; parts: number };

interface Sending {
  key: string;
  io: CommandIo;
  progress: Progress;
}

/** Sends a file that was checked, part by part, from the first that an earlier run has not sent. */
export async function sendFile(
  file: ImportFile,
  facts: FileFacts,
  { key, io, progress }: Sending,
): Promise<Sent> {
  const resumedAt = await readSentParts(file.path, key);
  if (resumedAt > 0) io.err(`${resumedAt} parts of this file are in already; going on`);
  const sent = { parts: 0, blocks: 0, tooOld: 0, resumedAt };
  for await (const { part, share, rows } of partsOf(file, facts)) {
    progress.show(
      'importing',
      share,
      `${rows.toLocaleString('en-US')} of ${facts.rows.toLocaleString('en-US')} samples`,
    );
    sent.parts += 1;
    const size = part.series.reduce((sum, { blocks }) => sum + blocks.startMs.length, 0);
    if (sent.parts <= resumedAt) {
      sent.blocks += size;
      continue;
    }
    const answer = await sendPart(part, io, progress);
    if ('fault' in answer) return { ...answer, parts: sent.parts - 1 };
    sent.blocks += answer.blocks;
    sent.tooOld += answer.tooOld;
    const kept = await keepSentParts(file.path, key, sent.parts);
    if (!kept && sent.parts === resumedAt + 1)
      io.err('the folder of the file cannot be written: cut off, this import would begin anew');
  }
  await forgetSentParts(file.path);
  return sent;
}

/** The parts of a file, in the same order at every reading. */
async function* partsOf(
  file: ImportFile,
  { intervals, size }: FileFacts,
): AsyncGenerator<{ part: HistoryPart; share: number; rows: number }> {
  const read = rowsOf(file);
  const maker = new PartMaker({ isCounter, intervals });
  let rows = 0;
  let share = 0;
  for await (const { lines, bytes } of readLines(file.path)) {
    share = bytes / size;
    for (const line of lines) {
      const row = read(line);
      if (row === null) continue;
      if ('fault' in row || row.target === null) throw new Error('the file was changed while it was read');
      rows += 1;
      maker.add(row, row.target);
      if (!maker.isFull) continue;
      for (const part of maker.takeParts(false)) yield { part, share, rows };
    }
  }
  for (const part of maker.takeParts(true)) yield { part, share: 1, rows };
}

async function sendPart(
  part: HistoryPart,
  io: CommandIo,
  progress: Progress,
): Promise<{ blocks: number; tooOld: number } | { fault: string; refused: boolean }> {
  for (let tries = 0; ; tries++) {
    const answer = await askServer(io, { method: 'POST', path: '/api/import', body: part, waitMs: WAIT_MS });
    if ('raw' in answer) {
      const told = partAnswerSchema.safeParse(answer.raw);
      if (told.success) return { blocks: told.data.blocks, tooOld: told.data.tooOld };
      return { fault: `${answer.origin} gave no answer that we can read`, refused: true };
    }
    const { fault, refused, status } = answer;
    const mayPass = status === null || status === 429 || status >= 500;
    const pauseMs = TRY_AGAIN_MS[tries];
    if (!mayPass || pauseMs === undefined) return { fault, refused: refused && status !== 429 };
    progress.clear();
    io.err(`${fault}; trying again in ${pauseMs / 1_000} s`);
    await wait(pauseMs);
  }
}
