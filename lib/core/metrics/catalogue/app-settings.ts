import { gauge, type MetricEntry } from './entry.ts';

/** What an app says of its own settings: how each was read, never what it holds. */
export const appSettingMetrics = {
  app_setting_info: gauge({
    unit: 'state',
    good: 'neutral',
    source: 'the app’s own gauge: how its process read a setting, never the value',
    help: 'Always 1: how the process read a setting. parsed: true, false, unset, invalid, other (no flag); looks: ok, digest (16 to 64 hexadecimal characters), unparsable, empty. At most 200 settings of a machine.',
    labels: ['setting', 'parsed', 'looks'],
  }),
} satisfies Record<string, MetricEntry>;
