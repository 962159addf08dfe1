import type { MachineState } from '../world-state.ts';
import { type Family, machineFamilies } from './families.ts';

/** The machine's numbers in Prometheus text 0.0.4. */
export function writeExposition(machine: MachineState): string {
  const lines: string[] = [];
  for (const { name, type, help, samples } of machineFamilies(machine)) {
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
    for (const [suffix, labels, value] of samples)
      lines.push(`${name}${suffix}${writeLabels(labels)} ${value}`);
  }
  return `${lines.join('\n')}\n`;
}

function writeLabels(labels: Family['samples'][number][1]): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}
