import type { ClaimFact } from '../facts/series.ts';
import { flyStep } from './redis-runbook.ts';
import { type AlertFinding, type AlertRule, asSentence, COMMON_WORDS, findingOf } from './rule.ts';

/** A promise that was kept is lost again. */
export const relapse: AlertRule = {
  id: 'relapse',
  group: 'Deploys',
  severity: 'warning',
  reads: 'The claims of deploys whose watch runs.',
  words: () =>
    `Fires when a claim that was met is lost: the last 2 h lie on the wrong side of what was reached. It ends with the watch. ${COMMON_WORDS}`,
  runbook: (place) => {
    const [deployId = 'latest'] = place.subject.split('/');
    return [
      {
        text: 'See how the claim stands now, and since when.',
        command: `npm run -s afterwatch -- verdict ${/^[\w-]+$/.test(deployId) && !deployId.startsWith('-') ? deployId : 'latest'}`,
      },
      flyStep(place, 'See what went out since: a later release may have taken it back.', 'fly releases'),
      { text: 'See on the Config page whether a setting or a secret was changed.', command: null },
    ];
  },
  chart: () => null,
  find: ({ claims }) => claims.map(findingFor),
};

function findingFor({ deployId, release, claimId, text, state, evidence }: ClaimFact): AlertFinding {
  return findingOf({
    subject: `${deployId}/${claimId}`,
    // While nobody can tell, it is neither lost nor kept.
    value: state === 'relapsed' ? 1 : state === 'cant_tell' ? null : 0,
    title: `Kept and lost again: ${text}`,
    detail: asSentence(evidence),
    release,
  });
}
