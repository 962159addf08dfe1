import type { RedisMode } from '../model/redis-mode.ts';
import type { Quality } from '../model/sample.ts';
import type { MachineEvidence, SeenMode } from './evidence.ts';
import { perMinute } from './words.ts';

/**
 * Redis mode as one machine tells it. Its own word is measured; its logs, its counters and a health endpoint that can go
 * red are inferred, in this order; an endpoint that cannot go red is no evidence.
 */
export function machineMode(machine: MachineEvidence): SeenMode {
  const { suspended, asked, suspendedLines, commandsPerSecond, health } = machine;
  if (suspended === true) return own('suspended_by_us', 'it says that Redis is suspended');
  if (suspended === false) {
    const though = asked === true ? ', though its settings ask to suspend it' : '';
    return own('active', `it says that Redis is in use${though}`);
  }
  if (suspendedLines !== null && suspendedLines > 0) {
    const lines = suspendedLines === 1 ? 'one line' : `${suspendedLines} lines`;
    return inferred(
      'suspended_by_us',
      `inferred from its log: ${lines} in 15 min say that Redis is suspended`,
    );
  }
  if (commandsPerSecond !== null && commandsPerSecond > 0) {
    return inferred(
      'active',
      `inferred from its own counter: it sends ${perMinute(commandsPerSecond)} commands/min to Redis`,
    );
  }
  if (health?.redis === 'suspended') {
    return inferred('suspended_by_us', 'inferred from its health endpoint, which calls Redis suspended');
  }
  if (health?.redis === 'failing') {
    return inferred('unreachable', 'inferred from its health endpoint, where the part for Redis fails');
  }
  if (health?.redis === 'passing' && health.canGoRed) {
    return inferred('active', 'inferred from its health endpoint, where the part for Redis passes');
  }
  const green =
    health?.redis === 'passing' ? '; its health endpoint stayed green while Redis was suspended' : '';
  return seen('unknown', 'unavailable', `it exports nothing that tells${green}`, false);
}

function own(mode: RedisMode, evidence: string): SeenMode {
  return seen(mode, 'measured', evidence, true);
}

function inferred(mode: RedisMode, evidence: string): SeenMode {
  return seen(mode, 'inferred', evidence, false);
}

function seen(mode: RedisMode, quality: Quality, evidence: string, isOwnWord: boolean): SeenMode {
  return { mode, quality, evidence, isOwnWord };
}
