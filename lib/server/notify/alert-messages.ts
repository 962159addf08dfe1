import 'server-only';
import type { AlertNotice } from '@/lib/core/alerts/notice.ts';
import { RULES } from '@/lib/core/alerts/rules/index.ts';
import type { RunbookStep } from '@/lib/core/model/alert.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import type { Config } from '../config/types.ts';
import { iso, type Message, messageId, messageOf, told } from './message.ts';
import { alertUrl } from './page-url.ts';

const MOST_MEANS = 10;

/** A message of a notice of an alert; its id is made of the alert, of when it fired and of what is told. */
export function alertMessage(
  config: Pick<Config, 'publicUrl' | 'bind' | 'targets'>,
  scope: Scope,
  notice: AlertNotice,
): Message {
  const { alertId, rule, kind, severity, title, detail, source, release, means, by } = notice;
  const incident = incidentOf(scope, notice);
  const step = firstStep(config, scope, notice);
  return messageOf(
    `${incident} ${notice.what}`,
    {
      type: `alert.${notice.what}`,
      timestamp: iso(notice.atMs),
      data: {
        incident,
        alert: {
          ...{ id: alertId, rule, kind, severity, ...scope, release },
          title: told(title),
          detail: detail === null ? null : told(detail),
          source: source === null ? null : told(source),
          means: means.slice(0, MOST_MEANS).map(({ what, text }) => ({ what: told(what), text: told(text) })),
          firedAt: iso(notice.firedAtMs),
          url: alertUrl(config, scope, alertId),
        },
        by: by === null ? null : told(by),
        firstStep:
          step === null
            ? null
            : { text: told(step.text), command: step.command === null ? null : told(step.command) },
      },
    },
    { about: title, incident, severity },
  );
}

/** Id of the message of a notice. */
export function alertMessageId(scope: Scope, notice: AlertNotice): string {
  return messageId(`${incidentOf(scope, notice)} ${notice.what}`);
}

/** Id of the message that it fired, of any other notice of the same firing: answers of a mail stand under it. */
export function firingId(incident: string): string {
  return messageId(`${incident} firing`);
}

/** Short enough for a key by which others tell incidents apart (255 signs at PagerDuty), whatever a subject is called. */
function incidentOf({ app, environment }: Scope, { alertId, firedAtMs }: AlertNotice): string {
  return messageId(`${app}/${environment} ${alertId} ${firedAtMs}`).replace(/^msg/, 'inc');
}

function firstStep(
  { targets }: Pick<Config, 'targets'>,
  scope: Scope,
  { rule, alertId, what }: AlertNotice,
): RunbookStep | null {
  if (what === 'resolved') return null;
  const flyApp = targets.flatMap((target) =>
    target.kind === 'fly' && target.app === scope.app && target.environment === scope.environment
      ? [target.flyApp]
      : [],
  );
  const subject = alertId === rule ? '' : alertId.slice(rule.length + 1);
  return RULES[rule].runbook({ scope, subject, flyApp: flyApp[0] ?? null })[0] ?? null;
}
