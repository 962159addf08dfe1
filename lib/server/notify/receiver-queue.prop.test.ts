import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SECOND_MS } from '@/lib/core/time/range.ts';
import { MemoryState } from '@/test/memory-state.ts';
import type { WebhookReceiver } from '../config/receivers.ts';
import { Secret } from '../config/secret.ts';
import type { Message } from './message.ts';
import { Outbox } from './outbox.ts';

const T = Date.parse('2026-04-09T18:00:00Z');
const HOOK: WebhookReceiver = {
  ...{ kind: 'webhook', name: 'hook', address: 'a:1', severity: 'info', topics: ['alerts'] },
  url: new Secret('http://a:1'),
  secrets: [new Secret('x'.repeat(24))],
};
const KINDS = ['firing', 'acknowledged', 'resolved'] as const;

/** What happens next: alerts move on, a try ends, the process dies (after a try or not), the store takes nothing. */
const happening = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('move' as const), incident: fc.nat(5) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('try' as const),
      ends: fc.constantFrom('ok', 'ok', 'lost answer', 'receiver', 'message', 'asked to wait'),
      chance: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), seconds: fc.nat(4_000) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const), sent: fc.boolean() }) },
);
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

/** A line, the receiver at its other end, and a clock. */
class World {
  nowMs = T;
  readonly arrived: { id: string; text: string }[] = [];
  /** Every message by its id, in the order in which it was put in line. */
  readonly made = new Map<string, Message>();
  readonly #stage = new Map<number, number>();
  readonly #state = new MemoryState();
  #outbox: Outbox | null = null;
  repeats = 0;

  async open() {
    this.#outbox ??= await Outbox.open(this.#state, [HOOK], this.nowMs);
    const queue = this.#outbox.queues.get('hook');
    if (queue === undefined) throw new Error('no line');
    const outbox = this.#outbox;
    return { outbox, queue, due: () => queue.next(this.nowMs, () => outbox.nextSeq()) };
  }

  async run(step: Happening): Promise<void> {
    if (step.kind === 'wait') this.nowMs += step.seconds * SECOND_MS;
    if (step.kind === 'move') await this.move(step.incident);
    if (step.kind === 'try') await this.try(step.ends, step.chance);
    if (step.kind === 'restart') {
      const due = step.sent ? await (await this.open()).due() : null;
      if (due !== null) this.#arrive(due, true);
      this.#outbox = null;
    }
  }

  async move(incident: number): Promise<void> {
    const stage = this.#stage.get(incident) ?? 0;
    this.#stage.set(incident, stage + 1);
    const what = KINDS[stage % KINDS.length] ?? 'firing';
    const name = `inc-${incident}-${Math.floor(stage / KINDS.length)}`;
    const message: Message = {
      ...{ id: `${name} ${what}`, type: `alert.${what}`, incident: name, severity: 'warning', about: name },
      ...{ atMs: this.nowMs, body: JSON.stringify({ type: `alert.${what}`, data: { incident: name } }) },
    };
    this.made.set(message.id, message);
    const { outbox } = await this.open();
    await outbox.take(message.id, 1, this.nowMs, () => [message]);
  }

  async try(ends: string, chance: number): Promise<boolean> {
    const { queue, due: read } = await this.open();
    const due = await read();
    if (due === null) return false;
    if (ends === 'ok' || ends === 'lost answer') this.#arrive(due, ends === 'lost answer');
    if (ends === 'ok') await queue.delivered(due.entry, this.nowMs);
    else {
      const blame = ends === 'message' ? 'message' : 'receiver';
      const retryAfterMs = ends === 'asked to wait' ? 60_000 : null;
      const failure = { ok: false as const, error: 'no', blame, retryAfterMs, isInvalid: false } as const;
      await queue.failed(due.entry, this.nowMs, failure, chance);
    }
    return true;
  }

  #arrive({ entry, body }: { entry: { id: string }; body: string }, mayRepeat: boolean): void {
    this.arrived.push({ id: entry.id, text: body });
    if (mayRepeat) this.repeats += 1;
  }
}

/** Ids of the messages that each arrival stands for. */
function toldBy({ id, text }: { id: string; text: string }): string[] {
  const { type, data } = JSON.parse(text) as { type: string; data: { items?: { id: string }[] } };
  return type === 'digest' ? (data.items ?? []).map((item) => item.id) : [id];
}

it('whatever receivers and processes do: nothing is lost, an id keeps its text, repeats are as many as answers were lost, and no incident is told out of order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { maxLength: 60 }), async (steps) => {
      const world = new World();
      for (const step of steps) await world.run(step);
      // In the end the receiver is there, and takes everything.
      for (let i = 0; i < 200; i += 1) {
        world.nowMs += 60 * SECOND_MS;
        if (!(await world.try('ok', 1)) && (await world.open()).queue.size === 0) break;
      }
      const texts = new Map<string, string>();
      for (const { id, text } of world.arrived) {
        expect(texts.get(id) ?? text).toBe(text);
        texts.set(id, text);
      }
      expect(world.arrived.length - texts.size).toBeLessThanOrEqual(world.repeats);

      const firsts = [...new Set(world.arrived.flatMap(toldBy))];
      const made = [...world.made.values()];
      for (const { id, incident } of made) {
        // What was over before it was told is told by its end alone.
        const isOver = firsts.includes(`${incident} resolved`);
        expect(firsts.includes(id) || isOver, id).toBe(true);
      }
      for (const incident of new Set(made.map((one) => one.incident))) {
        const order = firsts.filter((id) => world.made.get(id)?.incident === incident);
        expect(order).toEqual(
          made.filter((one) => one.incident === incident && firsts.includes(one.id)).map(({ id }) => id),
        );
      }
    }),
    { numRuns: 300 },
  );
});
