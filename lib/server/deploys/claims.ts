import 'server-only';
import type { ClaimsDocument, ParsedClaim } from '@/lib/core/claims/document.ts';
import { findMetric } from '@/lib/core/metrics/catalogue/index.ts';
import { findDerived } from '@/lib/core/metrics/derived/index.ts';
import { type HeldClaim, heldClaimSchema } from '@/lib/core/model/deploy.ts';
import { KnownError } from '../http/guards.ts';

/** No summary has more, nor does anybody write more by hand. */
const MOST_CLAIMS = 500;

/** The claims of a summary as nobody has judged them yet. */
export function proposeClaims(document: ClaimsDocument): HeldClaim[] {
  return document.claims.map((claim) => ({ ...claim, standing: 'proposed', edited: false }));
}

/**
 * Claims of a summary that was told anew. What a person decided of a claim with the same words stays decided; what a
 * person confirmed or wrote and the new summary does not say is kept under a new id.
 */
export function renewClaims(document: ClaimsDocument, before: readonly HeldClaim[]): HeldClaim[] {
  const left = before.filter(({ standing, edited }) => edited || standing !== 'proposed');
  const renewed = document.claims.map((claim): HeldClaim => {
    const at = left.findIndex((one) => sameWords(one, claim));
    const [known] = at === -1 ? [] : left.splice(at, 1);
    if (known === undefined) return { ...claim, standing: 'proposed', edited: false };
    return known.edited
      ? { ...known, id: claim.id, source: claim.source }
      : { ...claim, standing: known.standing, edited: false };
  });
  const kept = left.filter(({ standing }) => standing !== 'removed');
  const taken = new Set(renewed.map(({ id }) => id));
  for (const claim of kept) {
    const id = freeId(taken);
    taken.add(id);
    renewed.push({ ...claim, id });
  }
  return renewed;
}

/**
 * Claims as a person left them. What differs from what is kept counts as edited, what is kept and not sent as removed.
 * Throws `KnownError` for a claim that cannot be: an unknown metric, a limit without its sign, two of one id.
 */
export function editClaims(before: readonly HeldClaim[], sent: readonly HeldClaim[]): HeldClaim[] {
  if (sent.length > MOST_CLAIMS) throw wrong(`at most ${MOST_CLAIMS} claims may be held`);
  const ids = new Set(sent.map(({ id }) => id));
  if (ids.size < sent.length) throw wrong('two claims have one id');
  const held = sent.map((claim): HeldClaim => {
    judge(claim);
    const known = before.find(({ id }) => id === claim.id);
    const isEdited = known === undefined || known.edited || !sameContent(known, claim);
    const isBound = known === undefined || known.metric !== claim.metric;
    // Whoever binds a claim is sure; a summary's own binding keeps its doubt.
    const confidence = claim.metric === null ? 0 : isBound ? 1 : known.confidence;
    return { ...claim, confidence, edited: isEdited };
  });
  const gone = before
    .filter(({ id }) => !ids.has(id))
    .map((one): HeldClaim => ({ ...one, standing: 'removed' }));
  return [...held, ...gone];
}

/** Claims that a person sends for a summary, and those held before that the summary does not hold: `a1`, `a2` …. */
export function joinClaims(sent: readonly HeldClaim[], held: readonly HeldClaim[]): HeldClaim[] {
  const kept = held.filter(({ id }) => id.startsWith('a'));
  const taken = new Set([...kept, ...sent].map(({ id }) => id));
  const keptIds = new Set(kept.map(({ id }) => id));
  const renamed = sent.map((claim) => {
    if (!keptIds.has(claim.id)) return claim;
    const id = freeId(taken);
    taken.add(id);
    return { ...claim, id };
  });
  return [...renamed, ...kept];
}

/** Every claim that waits for a person is confirmed; removed ones stay removed. */
export function confirmAll(claims: readonly HeldClaim[]): HeldClaim[] {
  return claims.map((claim) => (claim.standing === 'proposed' ? { ...claim, standing: 'confirmed' } : claim));
}

/** What a client may send of a claim: the whole of it, in texts of a sane length. */
export const sentClaimSchema = heldClaimSchema.extend({
  id: heldClaimSchema.shape.id.regex(/^[a-z][a-z0-9-]{0,15}$/, 'an id such as c1 was expected'),
  text: heldClaimSchema.shape.text.min(1, 'a text was expected').max(2_000),
  metric: heldClaimSchema.shape.metric.unwrap().max(200).nullable(),
  unit: heldClaimSchema.shape.unit.unwrap().max(60).nullable(),
  window: heldClaimSchema.shape.window.unwrap().max(20).nullable(),
});

function judge({ id, metric, limit, limitOp }: HeldClaim): void {
  if (metric !== null && findMetric(metric) === null && findDerived(metric) === null)
    throw wrong(`claim ${id}: no metric has the name ${metric}; docs/metrics.md lists them`);
  if ((limit === null) !== (limitOp === null))
    throw wrong(`claim ${id}: a limit and its sign (<, <=, >, >=, =) come together`);
}

function wrong(what: string): KnownError {
  return new KnownError('bad_input', `${what.slice(0, 1).toUpperCase()}${what.slice(1)}.`);
}

function sameWords(a: Pick<ParsedClaim, 'text'>, b: Pick<ParsedClaim, 'text'>): boolean {
  const plain = (text: string) => text.toLowerCase().replace(/\s+/g, ' ').trim();
  return plain(a.text) === plain(b.text);
}

function sameContent(a: HeldClaim, b: HeldClaim): boolean {
  const content = ({ standing: _s, edited: _e, confidence: _c, source: _l, ...rest }: HeldClaim) =>
    JSON.stringify(Object.entries(rest).sort(([one], [other]) => (one < other ? -1 : 1)));
  return content(a) === content(b);
}

function freeId(taken: ReadonlySet<string>): string {
  for (let n = 1; ; n += 1) if (!taken.has(`a${n}`)) return `a${n}`;
}
