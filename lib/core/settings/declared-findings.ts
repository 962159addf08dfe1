import { nameList } from '../modes/words.ts';
import { formatStamp } from '../units/clock.ts';
import type { SettingFinding } from './finding.ts';
import { ACCEPTED, deployCommands, found, setCommands } from './finding-words.ts';
import type { SettingCase } from './setting-case.ts';

/** What is wrong with a setting as it was set, whatever any process made of it. */
export function declaredFindings(one: SettingCase): SettingFinding[] {
  return [...digests(one), ...waiting(one), ...masked(one)];
}

function digests(one: SettingCase): SettingFinding[] {
  const { setting, record, secret, machines, isFlag } = one;
  // A key or the id of a commit is hexadecimal too.
  if (!isFlag) return [];
  const findings: SettingFinding[] = [];
  const where = `${ACCEPTED} fly secrets list prints digests, never values.`;
  if (record?.value === 'digest') {
    const text = `${record.release} set \`${setting}\` to 16 or more hexadecimal characters at ${formatStamp(record.atMs)}: a digest, copied in place of a value? ${where}`;
    findings.push(found(one, 'looks_like_digest', 'error', 'declared', [], text, setCommands(one)));
  }
  const holding = machines.filter(({ env }) => env === 'digest').map(({ machine }) => machine.name);
  if (holding.length > 0 && secret === null) {
    const text = `\`${setting}\` in [env] of ${nameList(holding)} holds 16 or more hexadecimal characters: a digest, copied in place of a value? ${where}`;
    findings.push(found(one, 'looks_like_digest', 'error', 'declared', holding, text));
  }
  return findings;
}

/** A secret reaches a machine when that starts, not before. */
function waiting(one: SettingCase): SettingFinding[] {
  const { setting, secret } = one;
  if (secret === null || (secret.status !== 'staged' && secret.status !== 'partial')) return [];
  const at = secret.updatedMs === null ? '' : ` at ${formatStamp(secret.updatedMs)}`;
  const head = `Secret \`${setting}\` was changed${at}, and`;
  const text =
    secret.status === 'staged'
      ? `${head} no machine has started with it: all of them keep the value before until it is deployed.`
      : `${head} only some machines have started with it: ${keepers(secret.waiting)} the value before until it is deployed.`;
  return [found(one, secret.status, 'warning', 'declared', secret.waiting, text, deployCommands(one))];
}

function keepers(waiting: readonly string[]): string {
  if (waiting.length === 0) return 'the others keep';
  return `${nameList(waiting)} ${waiting.length === 1 ? 'keeps' : 'keep'}`;
}

function masked(one: SettingCase): SettingFinding[] {
  const { setting, secret, machines } = one;
  const both = machines.filter(({ env }) => env !== null).map(({ machine }) => machine.name);
  if (secret === null || both.length === 0) return [];
  const text = `\`${setting}\` is both in [env] of fly.toml and a secret: the secret of the same name wins, and what [env] says counts for nothing. Remove one of them.`;
  return [found(one, 'masked', 'warning', 'declared', both, text)];
}
