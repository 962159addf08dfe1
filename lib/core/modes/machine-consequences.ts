import type { RedisMode } from '../model/redis-mode.ts';
import { valueText } from '../units/format-value.ts';
import { measured, type NowAndBefore, type Told, unavailable } from './told.ts';

/** One machine, as far as it tells. Ratios 0–1. */
export interface MachineLoad {
  name: string;
  mode: RedisMode;
  localCache: { bytes: number; maxBytes: number | null; entries: number | null } | null;
  localHits: NowAndBefore;
  memoryBytes: NowAndBefore;
}

/** How full the caches inside the machines are, and what they answer. */
export function localCaches(machines: readonly MachineLoad[]): Told {
  const why = 'app_local_cache_* of each machine';
  const told = machines.flatMap((machine) => {
    const words = cacheWords(machine);
    return words === null ? [] : [`${machine.name} ${words}`];
  });
  return told.length === 0
    ? unavailable('nothing tells how full they are', 'no machine tells app_local_cache_bytes now')
    : measured(listed(told, machines.length), why);
}

function cacheWords({ localCache, localHits }: MachineLoad): string | null {
  if (localCache === null) return null;
  const { bytes, maxBytes, entries } = localCache;
  const size =
    maxBytes === null
      ? valueText(bytes, 'bytes')
      : `${valueText(bytes, 'bytes')} of ${valueText(maxBytes, 'bytes')}`;
  const kept = entries === null ? '' : `, ${valueText(entries, 'keys')} entries`;
  const hits =
    localHits.now === null
      ? ''
      : `, hits ${valueText(localHits.now, 'ratio')}${
          localHits.before === null ? '' : ` (was ${valueText(localHits.before, 'ratio')})`
        }`;
  return `${size}${kept}${hits}`;
}

/** How much memory each machine holds. */
export function memory(machines: readonly MachineLoad[]): Told {
  const told = machines.flatMap(({ name, memoryBytes: { now, before } }) =>
    now === null
      ? []
      : [
          `${name} ${valueText(now, 'bytes')}${before === null ? '' : ` (was ${valueText(before, 'bytes')})`}`,
        ],
  );
  return told.length === 0
    ? unavailable('nothing tells', 'no machine tells process_resident_memory_bytes now')
    : measured(listed(told, machines.length), 'process_resident_memory_bytes of each machine');
}

const MOST_LISTED = 3;

function listed(told: readonly string[], of: number): string {
  const more = told.length - MOST_LISTED;
  const silent = of - told.length;
  return [
    ...told.slice(0, MOST_LISTED),
    ...(more > 0 ? [`and ${more} more`] : []),
    ...(silent > 0 ? [`${silent} of ${of} ${silent === 1 ? 'tells' : 'tell'} nothing`] : []),
  ].join('; ');
}
