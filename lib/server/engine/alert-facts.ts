import 'server-only';
import { NO_FLEET } from '@/lib/core/alerts/facts/fleet.ts';
import { NO_LIMITS } from '@/lib/core/alerts/facts/limits.ts';
import type { AlertFacts } from '@/lib/core/alerts/facts.ts';
import { LISTED_PARTS, type ListedPart } from '@/lib/core/alerts/look.ts';
import { FactReads } from './fact-reads.ts';
import type { FactQuestion, FactReader } from './facts/fact-reader.ts';
import { FACT_READERS, type FactPart } from './facts/readers.ts';

/** All that the rules of one scope are judged by at one time, and what could not be read of it. */
export interface FactsRead {
  facts: AlertFacts;
  /** Parts that tell nothing now, where nothing would read as nothing to find. */
  unread: ReadonlySet<ListedPart>;
  faults: readonly { part: FactPart; error: unknown }[];
}

type Readers = { readonly [P in FactPart]: FactReader<AlertFacts[P]> };

const NOTHING: Omit<AlertFacts, 'nowMs'> = {
  ...{ mode: null, sources: [], responses: null, deploy: null, series: [], claims: [] },
  ...{ limits: NO_LIMITS, fleet: NO_FLEET },
};

/**
 * Asks every reader what it sees at `nowMs`. One that fails, or is not done in time, leaves its part unknown and keeps no
 * other from telling.
 */
export async function readAlertFacts(
  asked: Pick<FactQuestion, 'deps' | 'scope' | 'statuses'>,
  nowMs: number,
  { readers = FACT_READERS, reads = new FactReads() }: { readers?: Readers; reads?: FactReads } = {},
): Promise<FactsRead> {
  const question: FactQuestion = { ...asked, times: { startMs: nowMs, endMs: nowMs }, isPast: false };
  const facts: AlertFacts = { nowMs, ...NOTHING };
  const prefix = `${asked.scope.app}/${asked.scope.environment}/`;
  const faults: { part: FactPart; error: unknown }[] = [];
  const read = async <P extends FactPart>(part: P, reader: Readers[P]): Promise<void> => {
    try {
      const put = await reads.take(`${prefix}${part}`, async () => {
        const found = (await reader(question))(nowMs);
        return (into) => {
          into[part] = found;
        };
      });
      put(facts);
    } catch (error) {
      faults.push({ part, error });
    }
  };
  await Promise.all([
    read('mode', readers.mode),
    read('sources', readers.sources),
    read('responses', readers.responses),
    read('deploy', readers.deploy),
    read('series', readers.series),
    read('claims', readers.claims),
    read('limits', readers.limits),
    read('fleet', readers.fleet),
  ]);
  const failed = new Set(faults.map(({ part }) => part));
  return { facts, faults, unread: new Set(LISTED_PARTS.filter((part) => failed.has(part))) };
}
