import { readDemoFaults, setDemoFault } from '@/lib/actions/demo.ts';
import type { FaultActions } from './use-faults.ts';

/** The real server actions behind the demo's fault panel. */
export const faultActions: FaultActions = { readDemoFaults, setDemoFault };
