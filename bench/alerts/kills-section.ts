import { killRun } from '../../test/receivers/kill-run.ts';
import type { Section } from '../verdict/plan.ts';

/** Alerts that fire and are delivered by a process that is killed in the middle of it again and again. */
export async function killsSection({ alerts, kills }: { alerts: number; kills: number }): Promise<Section> {
  const result = await killRun({ alerts, kills });
  const { lost, duplicates, differentIds, duplicatesAtWorst, tookMs } = result;
  const name = `${alerts} alerts, ${kills} kills of the process`;
  return {
    gates: [
      {
        name: `${name}: lost, and under more than one id`,
        measured: `${lost} and ${differentIds}`,
        gate: '0 and 0',
        holds: lost === 0 && differentIds === 0,
      },
      {
        name: `${name}: repeats`,
        measured: `${duplicates} in all, ${duplicatesAtWorst} at worst`,
        gate: '≤ 1 a kill',
        holds: duplicatesAtWorst <= 1,
      },
    ],
    tables: [
      {
        title: 'Delivery through kills',
        note: 'Each alert is written down, taken and sent to a receiver of signed webhooks on the same machine by a process with a store on disk; the process is ended without warning at even parts of the way, a few ms into whatever it does, and begun anew.',
        head: ['alerts', 'kills', 'lost', 'more than one id', 'repeats', 'most repeats of one kill', 'took'],
        rows: [
          [
            ...[alerts, kills, lost, differentIds, duplicates, duplicatesAtWorst].map(String),
            `${Math.round(tookMs / 1_000)} s`,
          ],
        ],
      },
    ],
  };
}
