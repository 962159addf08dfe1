import { describe, expect, it } from 'vitest';
import { DEFAULT_SWITCHES, type FrozenCopy, type ShareSubject } from '@/lib/core/model/share.ts';
import { redactCopy } from '@/lib/core/shares/redact-copy.ts';
import { testCopy } from '@/lib/core/shares/test-copy.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import { MemoryState } from '@/test/memory-state.ts';
import { ShareBook } from './share-book.ts';

const SUBJECT: ShareSubject = { kind: 'incident', incidentId: 'i1' };
const OTHER: ShareSubject = { kind: 'deploy', deployId: 'd1' };
const COPY = redactCopy(testCopy(), {
  switches: DEFAULT_SWITCHES,
  names: { hosts: [], machines: [], regions: [], queries: [], people: [] },
  clean: (text) => ({ text, count: 0 }),
  hidden: 0,
});

class CountingState extends MemoryState {
  reads = 0;
  fails = false;
  override async getState(key: string): Promise<unknown> {
    this.reads += 1;
    return super.getState(key);
  }
  override async putState(entries: Readonly<Record<string, unknown>>): Promise<void> {
    if (this.fails) throw new Error('the disk is full');
    return super.putState(entries);
  }
}

async function openBook(state = new CountingState(), { copy = COPY }: { copy?: FrozenCopy } = {}) {
  const clock = { nowMs: testCopy().frozenAtMs };
  let frozen = 0;
  const open = () =>
    ShareBook.open({
      store: state,
      wallMs: () => clock.nowMs,
      freeze: async () => {
        frozen += 1;
        return copy;
      },
      origin: () => 'https://watch.example.org',
      onFault: () => {},
    });
  const book = await open();
  const make = async (days = 7, subject = SUBJECT, own = book) => {
    const { previewId } = await own.preview(subject, DEFAULT_SWITCHES);
    return own.make(previewId, { days, by: 'Ada' });
  };
  return { state, clock, book, make, open, frozen: () => frozen };
}

describe('ShareBook', () => {
  it('freezes exactly what was looked at, once, and tells the token once', async () => {
    const { book, make, state, open, frozen } = await openBook();
    const made = await make();
    expect(Buffer.from(made.token, 'base64url')).toHaveLength(32);
    expect(made.token).toHaveLength(43);
    expect(made.url).toBe(`https://watch.example.org/s/${made.token}`);
    expect(frozen()).toBe(1);
    expect(JSON.stringify([...state.rows])).not.toContain(made.token);
    expect(JSON.stringify(book.list(null))).not.toContain(made.token);
    for (const one of [book, await open()]) {
      expect(one.standing(made.token)).toBe('live');
      expect(await one.open(made.token)).toEqual({
        ...{ found: 'copy', id: made.id, rev: 1, copy: COPY, expiresMs: made.line.expiresMs },
      });
    }
    expect((await make()).token).not.toBe(made.token);
  });

  it('a copy that nobody looked at lately is not shared', async () => {
    const { book, clock } = await openBook();
    const { previewId } = await book.preview(SUBJECT, DEFAULT_SWITCHES);
    clock.nowMs += 16 * MINUTE_MS;
    await expect(book.make(previewId, { days: 7, by: 'Ada' })).rejects.toThrow(/look at it again/);
    await expect(book.make('nothing', { days: 7, by: 'Ada' })).rejects.toThrow(/look at it again/);
    expect(book.list(null)).toEqual([]);
  });

  it('whatever text is asked for, only a token that was issued leads anywhere', async () => {
    const { book, make, state } = await openBook();
    const { token } = await make();
    const reads = state.reads;
    const hash = String((state.rows.get('shares/index') as { hash: string }[])[0]?.hash);
    for (const text of [
      ...['', '[token]', ':token', '%00', '\u0000', 'undefined', 'null', '../', token.slice(0, -1)],
      ...[
        `${token}=`,
        `${token}%00`,
        `${token} `,
        token.slice(0, 20),
        hash,
        hash.slice(0, 43),
        'A'.repeat(43),
      ],
      ...['a'.repeat(1_000_000), `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`],
    ]) {
      expect(book.standing(text), text.slice(0, 60)).toBe('nothing');
      expect(await book.open(text)).toEqual({ found: 'nothing' });
      book.count(text);
    }
    expect(state.reads).toBe(reads);
    expect(book.list(null)[0]?.views).toBe(0);
  });

  it('revoked is gone at once, also where that cannot be written, and after a restart', async () => {
    const { book, make, open, state } = await openBook();
    const made = await make();
    await book.open(made.token);
    state.fails = true;
    await expect(book.revoke(made.id, 'Ada')).rejects.toThrow('the disk is full');
    expect(book.standing(made.token)).toBe('gone');
    expect(await book.open(made.token)).toEqual({ found: 'gone' });
    state.fails = false;
    const second = await make();
    const revoking = book.revoke(second.id, 'Ada');
    await revoking;
    expect((await open()).standing(second.token)).toBe('gone');
    expect(book.list(null)[0]).toMatchObject({ id: second.id, revokedMs: expect.any(Number) });
    await expect(book.revoke('nothing', 'Ada')).rejects.toThrow(/no link of that id/);
  });

  it('ends by the clock, at the day that was asked for and not before', async () => {
    const { book, make, clock } = await openBook();
    const { token } = await make(1);
    clock.nowMs += DAY_MS - 1;
    expect(book.standing(token)).toBe('live');
    clock.nowMs += 1;
    expect(book.standing(token)).toBe('gone');
    expect(await book.open(token)).toEqual({ found: 'gone' });
    await expect(make(0)).rejects.toThrow(/1 to 90 days/);
    await expect(make(91)).rejects.toThrow(/1 to 90 days/);
    await expect(make(1.5)).rejects.toThrow(/1 to 90 days/);
  });

  it('200 who open one link read the store once and freeze nothing; their looks are one write', async () => {
    const { book, make, open, state, frozen } = await openBook();
    const { token, id } = await make();
    const own = await open();
    const [reads, writes, made] = [state.reads, state.writes, frozen()];
    const opened = await Promise.all(
      Array.from({ length: 200 }, () => {
        own.count(token);
        return own.open(token);
      }),
    );
    expect(opened.every((one) => one.found === 'copy')).toBe(true);
    expect(state.reads - reads).toBe(1);
    expect(state.writes - writes).toBe(0);
    expect(frozen()).toBe(made);
    expect(own.list(null)).toMatchObject([{ id, views: 200 }]);
    await own.stop();
    expect(state.writes - writes).toBe(1);
    expect((await open()).list(null)).toMatchObject([{ id, views: 200, lastViewMs: expect.any(Number) }]);
    await book.stop();
  });

  it('keeps a copy for 90 days after its link ended, and knows the link for longer', async () => {
    const { book, make, clock, state, open } = await openBook();
    const old = await make(1);
    const copies = () =>
      [...state.rows].filter(([key, row]) => key.startsWith('shares/copy/') && row !== null);
    clock.nowMs += 90 * DAY_MS;
    await make();
    expect(copies()).toHaveLength(2);
    clock.nowMs += DAY_MS;
    await make();
    expect(copies()).toHaveLength(2);
    expect(book.standing(old.token)).toBe('gone');
    clock.nowMs += 200 * DAY_MS;
    const again = await open();
    expect(copies()).toHaveLength(0);
    expect(again.standing(old.token)).toBe('gone');
  });

  it('holds 500 links: ended ones make room, live ones are never lost', async () => {
    const { book, make, clock } = await openBook();
    const first = await make(1);
    for (let i = 1; i < 500; i += 1) await make(2);
    await expect(make(2)).rejects.toThrow(/500 live links/);
    expect(book.standing(first.token)).toBe('live');
    clock.nowMs += DAY_MS + HOUR_MS;
    const late = await make(2);
    expect(book.standing(late.token)).toBe('live');
    expect(book.standing(first.token)).toBe('gone');
    await expect(make(2)).rejects.toThrow(/500 live links/);
  });

  it('a copy of more than 1 MB is refused', async () => {
    const big: FrozenCopy = { ...COPY, title: 'x'.repeat(1024 * 1024) };
    const { book } = await openBook(new CountingState(), { copy: big });
    await expect(book.preview(SUBJECT, DEFAULT_SWITCHES)).rejects.toThrow(/more than 1 MB/);
  });

  it('lists the links of a subject alone, newest first', async () => {
    const { book, make } = await openBook();
    const [a, , c] = [await make(), await make(7, OTHER), await make()];
    expect(book.list(SUBJECT).map(({ id }) => id)).toEqual([c.id, a.id]);
    expect(book.list(OTHER)).toMatchObject([{ href: '/deploys/d1', madeBy: 'Ada', views: 0 }]);
    expect(book.list(null)).toHaveLength(3);
  });

  it('what is kept and holds an unknown field is a fault, never shown', async () => {
    const { make, open, state } = await openBook();
    const { token, id } = await make();
    const key = `shares/copy/${id}`;
    state.rows.set(key, { ...(state.rows.get(key) as object), extra: 'x' });
    await expect((await open()).open(token)).rejects.toThrow(/cannot be read/);
  });
});
