import 'server-only';
import type { Notice } from '@/lib/core/model/scrape.ts';
import { cleanText } from '../app/clean-text.ts';
import { type FlyMachine, few } from './machines.ts';
import type { RawSecret } from './read.ts';
import type { FlyRelease } from './releases.ts';
import type { RawMachine } from './schema.ts';

/** Whether machines run with the secret as it is set: it reaches a machine when that starts, not before. */
export type SecretStatus = 'deployed' | 'staged' | 'partial' | 'unknown';

/** A secret's name and what can be told of it without its value. */
export interface FlySecret {
  name: string;
  /** First twelve characters of its digest; null when not told. It tells whether it changed, never what it is. */
  digest: string | null;
  updatedMs: number | null;
  status: SecretStatus;
}

const MAX_CHARS = 64;

export function readSecrets(
  raw: readonly RawSecret[],
  machines: readonly FlyMachine[],
  releases: readonly FlyRelease[],
): FlySecret[] {
  const deployedMs = machines.map(
    ({ release }) => releases.find(({ version }) => `v${version}` === release)?.createdMs ?? null,
  );
  return raw.map(({ name, digest, created_at, updated_at }): FlySecret => {
    const updatedMs = timeOf(updated_at) ?? timeOf(created_at);
    const short = cleanText(digest ?? '', MAX_CHARS).slice(0, 12);
    return {
      name: cleanText(name, MAX_CHARS),
      digest: short === '' ? null : short,
      updatedMs,
      status: statusOf(updatedMs, deployedMs),
    };
  });
}

/** A release is recorded after the secret was set and before the machines change. */
function statusOf(updatedMs: number | null, deployedMs: readonly (number | null)[]): SecretStatus {
  if (updatedMs === null || deployedMs.length === 0) return 'unknown';
  const has = deployedMs.map((atMs) => (atMs === null ? null : updatedMs <= atMs));
  if (has.some((one) => one === null)) return 'unknown';
  if (has.every((one) => one === true)) return 'deployed';
  return has.some((one) => one === true) ? 'partial' : 'staged';
}

/** What does not run as it was meant. Values of the environment are compared here and go nowhere. */
export function secretNotices(
  secrets: readonly FlySecret[],
  raw: readonly RawSecret[],
  machines: readonly RawMachine[],
): Notice[] {
  const notices: Notice[] = [];
  const waiting = secrets.filter(({ status }) => status === 'staged' || status === 'partial');
  if (waiting.length > 0) {
    notices.push({
      code: 'secrets_staged',
      text: `${few(waiting.map(({ name }) => name))} is set but not on every machine, which run with the value before; run fly secrets deploy.`,
    });
  }
  const digests = new Set(raw.flatMap(({ digest }) => (digest ? [digest.toLowerCase()] : [])));
  const named = new Set(raw.map(({ name }) => name));
  const masked = new Set<string>();
  const copied = new Set<string>();
  for (const { config } of machines) {
    for (const [name, value] of Object.entries(config?.env ?? {})) {
      if (named.has(name)) masked.add(cleanText(name, MAX_CHARS));
      if (digests.has(value.trim().toLowerCase())) copied.add(cleanText(name, MAX_CHARS));
    }
  }
  if (masked.size > 0) {
    notices.push({
      code: 'secret_masks_env',
      text: `${few([...masked])} is both in [env] and a secret: the secret wins. Remove one of them.`,
    });
  }
  if (copied.size > 0) {
    notices.push({
      code: 'digest_as_value',
      text: `${few([...copied])} holds the digest of a secret, as fly secrets list prints it, where a value should be; set it again.`,
    });
  }
  return notices;
}

function timeOf(text: string | null | undefined): number | null {
  const ms = Date.parse(text ?? '');
  return Number.isNaN(ms) ? null : ms;
}
