import type { BudgetPool } from '../model/budget.ts';

export interface PoolQuestion {
  id: string;
  name: string;
  /** That run now. */
  machines: number | null;
  /** Connections that one machine may open. */
  perMachine: number | null;
  /** What the database accepts, without what it keeps for its owner. */
  allowed: number | null;
  usedNow: number | null;
  /** That may run at most: by the config, else the most that were seen. */
  maxMachines: number | null;
}

/**
 * What all pools together may open: steady, while a rolling deploy runs one machine more, while a blue-green deploy runs
 * all of them twice, and with the most machines. A part that is not known makes null what needs it.
 */
export function poolRow({ machines, perMachine, maxMachines, ...row }: PoolQuestion): BudgetPool {
  const of = (count: number | null) => (count === null || perMachine === null ? null : count * perMachine);
  const connections = of(maxMachines);
  return {
    kind: 'pool',
    id: row.id,
    name: row.name,
    machines,
    perMachine,
    steady: of(machines),
    rollingPeak: of(machines === null ? null : machines + 1),
    deployPeak: of(machines === null ? null : 2 * machines),
    maxScale: maxMachines === null || connections === null ? null : { machines: maxMachines, connections },
    allowed: row.allowed,
    usedNow: row.usedNow,
  };
}
