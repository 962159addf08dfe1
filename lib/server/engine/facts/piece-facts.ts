import 'server-only';
import type { AlertFacts } from '@/lib/core/alerts/facts.ts';
import type { FactQuestion } from './fact-reader.ts';
import { FACT_READERS, type FactPart } from './readers.ts';

/** Thrown where a part is asked for that has not been read yet. */
class NotRead extends Error {
  constructor(readonly part: FactPart) {
    super(`${part} has not been read`);
  }
}

type Told = { [P in FactPart]?: (atMs: number) => AlertFacts[P] };

/** Facts of one stretch of time. A part is read when a rule asks for it for the first time, for the whole stretch. */
export class PieceFacts {
  readonly #told: Told = {};

  constructor(private readonly question: FactQuestion) {}

  /** What `judge` makes of the facts at `atMs`; reads the parts that it asks for and then asks it anew. */
  async judge<T>(atMs: number, judge: (facts: AlertFacts) => T): Promise<T> {
    for (;;) {
      try {
        return judge(new FactsAt(this, atMs));
      } catch (cause) {
        if (!(cause instanceof NotRead)) throw cause;
        await this.#read(cause.part);
      }
    }
  }

  /** Throws `NotRead` where the part is still to be read. */
  tell<P extends FactPart>(part: P, atMs: number): AlertFacts[P] {
    const told = this.#told[part];
    if (told === undefined) throw new NotRead(part);
    return told(atMs);
  }

  /** Parts that were asked for so far. */
  get parts(): readonly FactPart[] {
    return Object.keys(this.#told) as FactPart[];
  }

  async #read<P extends FactPart>(part: P): Promise<void> {
    const told: Told = { [part]: await FACT_READERS[part](this.question) };
    Object.assign(this.#told, told);
  }
}

class FactsAt implements AlertFacts {
  constructor(
    private readonly piece: PieceFacts,
    readonly nowMs: number,
  ) {}

  get mode(): AlertFacts['mode'] {
    return this.piece.tell('mode', this.nowMs);
  }
  get sources(): AlertFacts['sources'] {
    return this.piece.tell('sources', this.nowMs);
  }
  get responses(): AlertFacts['responses'] {
    return this.piece.tell('responses', this.nowMs);
  }
  get deploy(): AlertFacts['deploy'] {
    return this.piece.tell('deploy', this.nowMs);
  }
  get series(): AlertFacts['series'] {
    return this.piece.tell('series', this.nowMs);
  }
  get claims(): AlertFacts['claims'] {
    return this.piece.tell('claims', this.nowMs);
  }
  get limits(): AlertFacts['limits'] {
    return this.piece.tell('limits', this.nowMs);
  }
  get fleet(): AlertFacts['fleet'] {
    return this.piece.tell('fleet', this.nowMs);
  }
}
