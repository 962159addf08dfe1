import 'server-only';
import { SNIPPETS, snippetText } from '@/lib/core/metrics/snippets/index.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import { nameList } from '@/lib/core/modes/words.ts';
import type { Untold } from '@/lib/core/settings/config-view.ts';
import type { MachineSettings } from '@/lib/core/settings/setting-facts.ts';
import { formatStamp } from '@/lib/core/units/clock.ts';
import type { FlySnapshot } from '../collectors/fly/index.ts';
import type { TargetStatus } from '../poller/target-poller.ts';

/** What is known of a scope, to find what is not. */
export interface UntoldQuestion {
  machines: readonly MachineSettings[];
  statuses: readonly TargetStatus[];
  apps: readonly FlySnapshot[];
  /** When Fly last told what is shown as of then; null while it tells. */
  oldSinceMs: number | null;
  scope: Scope;
}

/** What nobody tells of a scope, and what would bring it. */
export function untoldOf(question: UntoldQuestion): Untold[] {
  const { machines, statuses, scope } = question;
  const untold: Untold[] = [];
  const isVisited = statuses.some(({ target }) => target.kind === 'app');
  if (!isVisited) {
    untold.push({
      id: 'machines',
      text: `No machine of ${scope.app} is visited: how processes read their settings can’t be told.`,
      fix: 'List the /metrics addresses of your machines under an app source in afterwatch.yml, or in APP_METRICS_URLS.',
      copy: null,
    });
  }
  const mute = machines.filter(({ silent, reported }) => silent === null && reported === null);
  if (mute.length > 0) untold.push(muteMachines(mute));
  return [...untold, ...untoldByPlatform(question)];
}

function muteMachines(mute: readonly MachineSettings[]): Untold {
  const group = SNIPPETS.find(({ id }) => id === 'settings');
  return {
    id: 'settings',
    text: `${nameList(mute.map(({ name }) => name))} ${mute.length === 1 ? 'does' : 'do'} not say how settings were read.`,
    fix: 'Export app_setting_info: the words of how a setting was read, never its value. Shown for Node.js; docs/instrument-your-app.md has Python, Go and OpenTelemetry.',
    copy:
      group === undefined
        ? null
        : { text: snippetText(group, 'node'), label: 'the code for app_setting_info' },
  };
}

function untoldByPlatform({ statuses, apps, oldSinceMs }: UntoldQuestion): Untold[] {
  const sources = statuses.filter(({ target }) => target.kind === 'fly');
  if (sources.length === 0) {
    return [
      {
        id: 'platform',
        text: 'No platform is connected: secrets, their state and plain settings can’t be told.',
        fix: 'Connect Fly under Settings, or set FLY_API_TOKEN. It reads names and digests; values can’t be read.',
        copy: null,
      },
    ];
  }
  const untold: Untold[] = [];
  if (oldSinceMs !== null) {
    untold.push({
      id: 'platform',
      text: `Fly has not told since ${formatStamp(oldSinceMs)}: secrets, plain settings and releases are those of then.`,
      fix: 'Its source on the Settings page says why.',
      copy: null,
    });
  }
  if (apps.length < sources.length || apps.some(({ secrets }) => secrets === null)) {
    const notice = sources
      .flatMap(({ notices }) => notices)
      .find(({ code }) => /secrets$/.test(code) && code !== 'secrets_staged');
    untold.push({
      id: 'secrets',
      text: notice?.text ?? 'Fly has not told of secrets yet.',
      fix: 'Secrets are read every five minutes. Where the token may not list them, make one with fly tokens create readonly.',
      copy: null,
    });
  }
  const silent = apps.flatMap((app) => app.machines ?? []).filter(({ env }) => env === null);
  if (silent.length > 0) {
    untold.push({
      id: 'env',
      text: `The host of ${nameList(silent.map(({ id }) => id))} does not answer Fly: plain settings can’t be told.`,
      fix: 'See status.flyio.net.',
      copy: null,
    });
  }
  return untold;
}
