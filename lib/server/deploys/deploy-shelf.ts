import 'server-only';
import { z } from 'zod';
import { type Deploy, type DeployLine, deploySchema } from '@/lib/core/model/deploy.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import type { Store } from '../store/store.ts';

/** A deploy in the index of its scope: a line of the list and what it is found again by. */
export interface ShelfRow extends DeployLine {
  /** Its other names. */
  aliases?: string[] | undefined;
  /** True when somebody wrote a summary. */
  summed: boolean;
  createdMs: number;
}

const { id, release, aliases, kind, startMs, endMs, rolled, title, origin, sign, createdMs } =
  deploySchema.shape;
const rowSchema = z.object({
  ...{ id, release, aliases, kind, startMs, endMs, rolled, title, origin, sign, createdMs },
  claims: z.object({ confirmed: z.number(), all: z.number() }),
  auditErrors: z.number(),
  summed: z.boolean(),
});

/** A request that was answered, by the key that its sender gave it. */
const answeredSchema = z.object({
  /** Hash of sender and key. */
  key: z.string(),
  bodyHash: z.string(),
  deployId: z.string(),
  atMs: z.number(),
});
export type Answered = z.output<typeof answeredSchema>;

const ANSWERED_KEY = 'deploys/answered';
/** More than a year of ten deploys a day; older ones leave the list and keep their page. */
const MOST_LISTED = 4_000;
const MOST_ANSWERED = 1_000;

/** Deploys in the store: a row each, and one index a scope. Indexes are held in memory. */
export class DeployShelf {
  readonly #indexes = new Map<string, readonly ShelfRow[]>();
  #answered: readonly Answered[] | null = null;

  constructor(private readonly store: Pick<Store, 'getState' | 'putState'>) {}

  /** Every deploy of a scope, oldest first. */
  async rows(scope: Scope): Promise<readonly ShelfRow[]> {
    const key = indexKey(scope);
    const known = this.#indexes.get(key);
    if (known !== undefined) return known;
    // What an older version wrote and this one cannot read is left out of the list; its row stays.
    const list = z.array(z.unknown()).safeParse(await this.store.getState(key));
    const rows = (list.data ?? []).flatMap((row) => rowSchema.safeParse(row).data ?? []);
    const read = this.#indexes.get(key) ?? rows;
    this.#indexes.set(key, read);
    return read;
  }

  /** Those that were read before; without the disk. */
  rowsInMemory(scope: Scope): readonly ShelfRow[] {
    return this.#indexes.get(indexKey(scope)) ?? [];
  }

  async get(deployId: string): Promise<Deploy | null> {
    return deploySchema.safeParse(await this.store.getState(deployKey(deployId))).data ?? null;
  }

  async answered(key: string): Promise<Answered | null> {
    return (await this.#readAnswered()).find((one) => one.key === key) ?? null;
  }

  /** Keeps a deploy, its line and the names of the request that told of it in one write; durable when resolved. */
  async put(deploy: Deploy, answered: readonly Answered[] = []): Promise<void> {
    const others = (await this.rows(deploy)).filter((row) => row.id !== deploy.id);
    const rows = [...others, rowOf(deploy)].sort((a, b) => a.startMs - b.startMs).slice(-MOST_LISTED);
    const answers = [...(await this.#readAnswered()), ...answered].slice(-MOST_ANSWERED);
    await this.store.putState({
      [deployKey(deploy.id)]: deploy,
      [indexKey(deploy)]: rows,
      ...(answered.length === 0 ? {} : { [ANSWERED_KEY]: answers }),
    });
    this.#indexes.set(indexKey(deploy), rows);
    this.#answered = answers;
  }

  async #readAnswered(): Promise<readonly Answered[]> {
    this.#answered ??= z.array(answeredSchema).safeParse(await this.store.getState(ANSWERED_KEY)).data ?? [];
    return this.#answered;
  }
}

/** The line of a deploy in lists. */
function rowOf(deploy: Deploy): ShelfRow {
  const held = deploy.claims.filter(({ standing }) => standing !== 'removed');
  return {
    id: deploy.id,
    release: deploy.release,
    ...(deploy.aliases === undefined ? {} : { aliases: deploy.aliases }),
    kind: deploy.kind,
    startMs: deploy.startMs,
    endMs: deploy.endMs,
    rolled: deploy.rolled,
    title: deploy.title,
    origin: deploy.origin,
    sign: deploy.sign,
    claims: { confirmed: held.filter(({ standing }) => standing === 'confirmed').length, all: held.length },
    auditErrors: (deploy.document?.audit ?? []).filter(({ severity }) => severity === 'error').length,
    summed: deploy.summary !== '',
    createdMs: deploy.createdMs,
  };
}

function indexKey({ app, environment }: Scope): string {
  return `deploys/${app}/${environment}`;
}

function deployKey(deployId: string): string {
  return `deploy/${deployId}`;
}
