'use server';
import { z } from 'zod';
import { DEMO_FAULT_IDS, type RunningFault } from '@/lib/core/model/demo-fault.ts';
import { KnownError } from '@/lib/server/http/guards.ts';
import { getRuntime } from '@/lib/server/runtime.ts';
import { action } from './action.ts';

/** Which faults of the demo run; refused where real sources are watched. */
export const readDemoFaults = action(
  z.strictObject({}),
  async (): Promise<readonly RunningFault[]> => {
    const { demo } = getRuntime();
    if (demo === null) throw new KnownError('forbidden', NO_DEMO);
    return demo.running();
  },
  { name: 'readDemoFaults' },
);

/** Starts or ends one fault of the demo; gives those that run then. Refused where real sources are watched. */
export const setDemoFault = action(
  z.strictObject({ id: z.enum(DEMO_FAULT_IDS), on: z.boolean() }),
  async (_call, { id, on }): Promise<readonly RunningFault[]> => {
    const { demo } = getRuntime();
    if (demo === null) throw new KnownError('forbidden', NO_DEMO);
    return demo.set(id, on);
  },
  { name: 'setDemoFault', cost: 5 },
);

const NO_DEMO =
  'This server watches real sources: only the demo fleet can be broken. Start one with npm start -- --demo.';
