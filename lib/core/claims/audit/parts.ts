import { windowSeconds } from '../bind/base-units.ts';
import { bindMetric } from '../bind/bind.ts';
import { plainWords } from '../bind/words.ts';
import type { Finding, StatedFact } from '../document.ts';
import { type AuditClaim, type AuditContext, finding, isRate } from './context.ts';
import { apart, middleOf } from './numbers.ts';
import { sectionAt } from './sections.ts';
import { countText, percentText, shortText, spanText } from './wording.ts';

/** Parts against their whole: a mean cannot reach the best of its parts, and parts add up. */
export function checkParts(context: AuditContext): Finding[] {
  return [
    ...checkMeans(context),
    ...checkOverall(context),
    ...checkSums(context),
    ...checkConcentration(context),
  ];
}

function reduction({ claim }: AuditClaim): number | null {
  const change = claim.changePct === null ? null : middleOf(claim.changePct);
  return change !== null && (change < 0 || claim.direction === 'down') ? Math.abs(change) : null;
}

/** `−50 %, −95 % and −90 % give −95 % overall`: not even when two of them are everything. */
function checkMeans({ claims }: AuditContext): Finding[] {
  const metrics = [...new Set(claims.map(({ claim }) => claim.metric))];
  return metrics.flatMap((metric) => {
    if (metric === null) return [];
    const own = claims.filter((one) => one.claim.metric === metric && reduction(one) !== null);
    const wide = own.filter(({ scope }) => scope.length === 0);
    const whole = wide.find(({ claim }) => claim.before !== null) ?? wide[0];
    return heldAgainst(
      whole,
      own.filter(({ scope, claim }) => scope.length > 0 && claim.before === null),
    );
  });
}

const OVERALL =
  /\b(overall|in total|total|altogether|combined|average|mean|on average|en total|en conjunto|global|promedio|de media)\b/i;

/** A list of percentages that names its own total: `Endpoint A: 60 %`, `Endpoint B: 70 %`, `Overall: 90 %`. */
function checkOverall(context: AuditContext): Finding[] {
  const { claims, sections } = context;
  const bare = claims.filter((one) => one.claim.before === null && reduction(one) !== null);
  return claims.flatMap((whole) => {
    const total = reduction(whole);
    const line =
      total === null ? undefined : whole.claim.source.lines.find((at) => saysOverall(context, at, total));
    if (line === undefined) return [];
    const section = sectionAt(sections, line);
    const parts = bare.filter(
      (one) => one !== whole && one.section === section && !OVERALL.test(one.claim.text),
    );
    // Parts of one kind share a word and a metric: `CPU` and `page weight` have no total.
    const [first] = parts;
    const shared = first?.scope.some((word) => parts.every(({ scope }) => scope.includes(word))) ?? false;
    const alike = parts.every(({ claim }) => claim.metric === first?.claim.metric);
    return shared && alike ? heldAgainst(whole, parts) : [];
  });
}

function saysOverall(context: AuditContext, line: number, total: number): boolean {
  const isTotal = context.figuresAt(line).some(({ kind, value }) => kind === 'percent' && value === total);
  return isTotal && OVERALL.test(context.lineAt(line).slice(0, 500));
}

function heldAgainst(whole: AuditClaim | undefined, parts: readonly AuditClaim[]): Finding[] {
  if (whole === undefined || parts.length < 2) return [];
  const total = reduction(whole) ?? 0;
  const shares = parts.map((part) => reduction(part) ?? 0);
  const [least, most] = [Math.min(...shares), Math.max(...shares)];
  // What none of the parts covers is reduced by nothing, so only a total that is too high gives itself away.
  if (total < most - 0.05 || apart(least, most) < 0.01) return [];
  const list = shares.map((share) => percentText(share)).join(', ');
  const mean = percentText(
    Math.round((shares.reduce((sum, share) => sum + share, 0) / shares.length) * 10) / 10,
  );
  const isImpossible = total > most + 0.05;
  const reach = isImpossible ? 'impossible' : `only possible if the ${percentText(most)} part is everything`;
  return [
    finding({
      kind: 'parts',
      severity: isImpossible ? 'error' : 'warning',
      message: `${list} in the parts cannot give ${percentText(total)} overall: ${reach}; equal parts give ${mean}.`,
      stated: `${percentText(total)} overall`,
      computed: `less than ${percentText(most)}; ${mean} for equal parts`,
      lines: [...whole.claim.source.lines, ...parts.flatMap(({ claim }) => claim.source.lines)],
    }),
  ];
}

/** Parts that a line or list adds up, as the reader marked them. */
function checkSums({ summary }: AuditContext): Finding[] {
  return summary.facts.flatMap((total) => {
    if (total.kind !== 'total' || total.value === null || total.unit === '%') return [];
    const parts = summary.facts.filter((part) => isPartOf(part, total));
    if (parts.length < 2) return [];
    const sum = parts.reduce((all, { value }) => all + (value === null ? 0 : middleOf(value)), 0);
    const stated = middleOf(total.value);
    const off = apart(sum, stated);
    if (off <= 0.005) return [];
    const said = spanText(total.value, total.unit, total.window);
    const is = spanText(sum, total.unit, total.window);
    return [
      finding({
        kind: 'parts',
        severity: off <= 0.02 ? 'info' : off <= 0.1 ? 'warning' : 'error',
        message: `The parts add up to ${is}; ${said} is stated as their total.`,
        stated: said,
        computed: is,
        lines: [total.line, ...parts.map(({ line }) => line)],
      }),
    ];
  });
}

function isPartOf(part: StatedFact, total: StatedFact): boolean {
  const near = Math.abs(part.line - total.line) <= 20;
  return (
    part.kind === 'part' &&
    part.value !== null &&
    part.unit === total.unit &&
    part.window === total.window &&
    near
  );
}

/** Below this share of a saving its told parts explain next to nothing of it. */
const TOLD_SHARE = 0.1;

/** A saving of which nearly all rests on one part whose own numbers are not told. */
function checkConcentration(context: AuditContext): Finding[] {
  const { claims } = context;
  return claims.flatMap((whole) => {
    const { metric, unit } = whole.claim;
    const saved = savingOf(whole);
    if (metric === null || whole.scope.length > 0 || saved === null || saved <= 0 || !isRate(whole))
      return [];
    const told = claims.filter(
      (one) => one !== whole && one.claim.metric === metric && one.scope.length > 0 && isRate(one),
    );
    const savings = told.map((one) => savingOf(one) ?? 0);
    const sum = savings.reduce((all, one) => all + Math.max(0, one), 0);
    if (sum <= 0 || sum > saved * TOLD_SHARE) return [];
    const bare = claims.filter((one) => isBarePart(context, one, metric, unit));
    const [only] = bare;
    if (only === undefined || bare.length > 1) return [];
    const share = (1 - sum / saved) * 100;
    const seconds = windowSeconds(whole.claim.window) ?? 1;
    const rest = `${percentText(Math.floor(share * 10) / 10)} of it`;
    const name = shortText(only.section?.heading || only.claim.text);
    return [
      finding({
        kind: 'concentration',
        severity: 'info',
        message: `Of the ${spanText(Math.round(saved * seconds), unit, whole.claim.window)} saved, the parts that give numbers tell ${countText(Math.round(sum * seconds))}: ${rest} rests on one change (${name}).`,
        stated: spanText(Math.round(saved * seconds), unit, whole.claim.window),
        computed: `${rest} from one part`,
        lines: [
          ...whole.claim.source.lines,
          ...told.flatMap(({ claim }) => claim.source.lines),
          ...only.claim.source.lines,
        ],
      }),
    ];
  });
}

function savingOf({ before, after }: AuditClaim): number | null {
  return before === null || after === null ? null : before - after;
}

/** A part that promises only a percentage, in a section that speaks of what the metric counts. */
function isBarePart(context: AuditContext, one: AuditClaim, metric: string, unit: string | null): boolean {
  const { claim, section } = one;
  if (claim.before !== null || reduction(one) === null || one.scope.length === 0 || section === null)
    return false;
  // Words above it may have lent it a metric: only its own tell what it is a part of.
  const own = bindMetric(claim.text, claim.unit, claim.window).metric;
  if (own !== null) return own === metric;
  const noun = plainWords(unit ?? '').trim();
  const place = sectionAt(context.sections, claim.source.line) ?? section;
  for (let line = place.from; line <= Math.min(place.to, place.from + 15); line += 1) {
    if (noun !== '' && plainWords(context.lineAt(line)).includes(` ${noun} `)) return true;
  }
  return false;
}
