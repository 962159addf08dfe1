import { SWITCH } from '../story.ts';
import type { MachineState } from '../world-state.ts';
import type { Family, Sample } from './families.ts';

const DIGEST = /^[0-9a-f]{16,64}$/;
const LITERALS: ReadonlySet<string> = new Set(['true', '1', 'yes', 'on', 'false', '0', 'no', 'off']);
/** Kept as long as nobody sets it otherwise. */
const SYNC_SECONDS = '30';

/** How the app read its settings, as the snippets for app authors tell it: never a value. */
export function settingFamily({ switchValue, manner, local }: MachineState): Family {
  const cacheMb = local === null ? null : String(Math.round(local.maxBytes / 1_048_576));
  return {
    name: 'app_setting_info',
    type: 'gauge',
    help: 'How a setting was read.',
    samples: [
      tell(SWITCH, switchValue, manner === 'suspended'),
      // Before v1203 the limiter had nothing to bring together.
      tell('LIMITER_SYNC_SECONDS', manner === 'old' ? null : SYNC_SECONDS),
      tell('LOCAL_CACHE_MAX_MB', cacheMb),
    ],
  };
}

function tell(setting: string, text: string | null, flag?: boolean): Sample {
  const looks =
    text === null
      ? 'ok'
      : text === ''
        ? 'empty'
        : DIGEST.test(text)
          ? 'digest'
          : flag === undefined || LITERALS.has(text)
            ? 'ok'
            : 'unparsable';
  const parsed = text === null ? 'unset' : flag === undefined ? 'other' : String(flag);
  return ['', { setting, parsed, looks }, 1];
}
