import 'server-only';
import { type MissingSnippet, missingSnippets, SNIPPETS } from '@/lib/core/metrics/snippets/index.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import type { Runtime } from '../runtime.ts';
import { machineCounters } from './commands.ts';

/**
 * What the machines of an app do not export, with the code that would. Null while no machine has told anything: then
 * it is not known what is missing.
 */
export function readMissingExports(runtime: Runtime, scope: Scope): readonly MissingSnippet[] | null {
  const metrics = [...new Set(SNIPPETS.flatMap((group) => group.metrics))];
  const present = metrics.filter((metric) => machineCounters(runtime, scope, metric).series > 0);
  const isHeard = machineCounters(runtime, scope, 'app_up').series > 0 || present.length > 0;
  return isHeard ? missingSnippets(new Set(present)) : null;
}
