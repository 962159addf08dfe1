import type { Finding } from '../document.ts';
import { type AuditClaim, type AuditContext, finding } from './context.ts';
import type { KnownFacts } from './known.ts';
import { middleOf } from './numbers.ts';
import { countText } from './wording.ts';

/** A number of machines that something is counted over: `36 connections for 3 machines`. */
export const FOR_MACHINES =
  /(?:for|across|over|on|×|x|en|para|por)\s+(?:all\s+|the\s+|las\s+)?(\d{1,4})\s+(?:machines?|instances?|vms?|replicas?|servers?|nodes?|m[aá]quinas?|instancias?)/i;
const PER_MACHINE =
  /(?:per|each|por|cada)\s+(?:machine|instance|vm|replica|server|node|m[aá]quina|instancia)/i;

/** Totals over machines against the machines that really run, and against what each of them has. */
export function checkMachines(context: AuditContext, known: KnownFacts): Finding[] {
  const { deploy } = context.summary;
  const running = known.machinesRunning ?? deploy.machinesRunning;
  const totals = context.claims.flatMap((one) => {
    const machines = machinesOf(context, one) ?? null;
    return machines === null || one.claim.unit === '%' || one.claim.unit === 'USD' ? [] : [{ one, machines }];
  });
  const found = totals.flatMap(({ one, machines }) => [
    ...(running === null || running === machines ? [] : againstRunning(one, machines, running)),
    ...againstEach(context, one, machines),
  ]);
  if (found.length > 0 || totals.length > 0) return found;
  const assumed = deploy.machinesAssumed;
  if (assumed === null || running === null || assumed === running) return [];
  const total = context.claims.find(
    ({ claim }) =>
      claim.unit !== null && /^(connections?|conexiones)$/i.test(claim.unit) && !PER_MACHINE.test(claim.text),
  );
  return total === undefined ? [bare(context, assumed, running)] : againstRunning(total, assumed, running);
}

function machinesOf(context: AuditContext, { claim }: AuditClaim): number | null {
  if (claim.before === null && claim.after === null) return null;
  for (const text of [claim.text, ...claim.source.lines.slice(0, 8).map(context.lineAt)]) {
    const count = Number(FOR_MACHINES.exec(text)?.[1] ?? 0);
    if (count > 0) return count;
  }
  return null;
}

function againstRunning({ claim }: AuditClaim, machines: number, running: number): Finding[] {
  const { before, after, unit } = claim;
  const real = (span: typeof before) => (span === null ? null : (middleOf(span) / machines) * running);
  const pair = (values: readonly (number | null)[]) =>
    values.flatMap((value) => (value === null ? [] : countText(value))).join(' → ');
  const stated = pair([before, after].map((span) => (span === null ? null : middleOf(span))));
  const computed = pair([real(before), real(after)]);
  const noun = unit === null ? '' : ` ${unit}`;
  return [
    finding({
      kind: 'machines',
      severity: 'warning',
      message: `${stated}${noun} count on ${machines} machines; ${running === 1 ? '1 runs' : `${running} run`}: ${computed}${noun}.`,
      stated: `${stated}${noun} for ${machines} machines`,
      computed: `${computed}${noun} for ${running}`,
      lines: claim.source.lines,
    }),
  ];
}

/** `12 per machine` times `3 machines` against the total of the same section. */
function againstEach(context: AuditContext, total: AuditClaim, machines: number): Finding[] {
  const each = context.claims.find(
    (one) =>
      one !== total &&
      one.section === total.section &&
      one.claim.unit === total.claim.unit &&
      isPerMachine(context, one),
  );
  if (each === undefined) return [];
  return (['before', 'after'] as const).flatMap((side) => {
    const [one, all] = [each.claim[side], total.claim[side]];
    if (one === null || all === null) return [];
    const [stated, computed] = [middleOf(all), middleOf(one) * machines];
    if (stated === computed) return [];
    return [
      finding({
        kind: 'machines',
        severity: 'error',
        message: `${countText(stated)} is stated as the total, but ${countText(middleOf(one))} on each of ${machines} machines are ${countText(computed)}.`,
        stated: countText(stated),
        computed: countText(computed),
        lines: [...total.claim.source.lines, ...each.claim.source.lines],
      }),
    ];
  });
}

function isPerMachine(context: AuditContext, { claim }: AuditClaim): boolean {
  return [claim.text, context.lineAt(claim.source.line).slice(0, 2_000)].some((text) =>
    PER_MACHINE.test(text),
  );
}

function bare({ summary }: AuditContext, assumed: number, running: number): Finding {
  const lines = summary.lines.flatMap((line, index) =>
    FOR_MACHINES.test(line.slice(0, 2_000)) ? [index + 1] : [],
  );
  return finding({
    kind: 'machines',
    severity: 'warning',
    message: `The sums count on ${assumed} machines; ${running === 1 ? '1 runs' : `${running} run`}.`,
    stated: `${assumed} machines`,
    computed: `${running} running`,
    lines: lines.slice(0, 3),
  });
}
