import { testReceiver } from '@/lib/actions/notify.ts';
import { checkSource, readSettings } from '@/lib/actions/settings.ts';
import { testSource } from '@/lib/actions/try-source.ts';
import type { SettingsActions } from './use-settings.ts';

/** The real server actions behind the settings page. */
export const settingsActions: SettingsActions = {
  readSettings,
  testSource,
  checkSource,
  testReceiver,
};
