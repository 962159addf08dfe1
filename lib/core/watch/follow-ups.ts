import type { ClaimsDocument } from '../claims/document.ts';
import type { FollowUpState } from '../model/verdict.ts';
import { DAY_MS } from '../time/range.ts';

/**
 * Next steps of a summary, with what people have done of them: a summary that is sent again keeps the owner and the tick of
 * a step that says the same. A day without a time ends with it.
 */
export function followUpsOf(
  summary: Pick<ClaimsDocument, 'followUps'> | null,
  kept: readonly FollowUpState[] = [],
): FollowUpState[] {
  const left = [...kept];
  const states = (summary?.followUps ?? []).map(({ text, due }, i): FollowUpState => {
    const at = left.findIndex((one) => one.text === text);
    const [known] = at === -1 ? [] : left.splice(at, 1);
    return {
      id: known?.id ?? `f${i + 1}`,
      text,
      dueMs: dueMsOf(due),
      owner: known?.owner ?? null,
      done: known?.done ?? null,
      remindedMs: known?.remindedMs ?? null,
    };
  });
  // What a person has touched is not lost when the summary does not say it any more.
  const touched = left.filter(({ owner, done }) => owner !== null || done !== null);
  return withOwnIds([...states, ...touched]);
}

function dueMsOf(due: string | null): number | null {
  const ms = due === null ? Number.NaN : Date.parse(due);
  if (!Number.isFinite(ms)) return null;
  return /^\d{4}-\d{2}-\d{2}$/.test(due ?? '') ? ms + DAY_MS : ms;
}

function withOwnIds(states: readonly FollowUpState[]): FollowUpState[] {
  const ids = new Set<string>();
  return states.map((state) => {
    let { id } = state;
    for (let n = states.length + 1; ids.has(id); n++) id = `f${n}`;
    ids.add(id);
    return { ...state, id };
  });
}
