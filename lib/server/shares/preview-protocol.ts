import 'server-only';
import type { CardNode } from '@/lib/core/preview/card-node.ts';

/** What the drawing thread is asked: one picture at a time. */
export interface DrawRequest {
  card: CardNode;
  width: number;
  height: number;
}

/** `refused`: how often something in it wanted to reach the network, which it has not. */
export type DrawReply =
  | { kind: 'ready' }
  | { kind: 'drawn'; png: Uint8Array<ArrayBuffer>; refused: number }
  | { kind: 'failed'; message: string; refused: number };
