import { readConfig } from '@/lib/actions/config-page.ts';
import type { ConfigReads } from './use-config-view.ts';

/** The real server action behind the Config page. */
export const configActions: ConfigReads = { readConfig };
