import { readMetricsPage } from '@/lib/actions/metrics-page.ts';
import type { ReadMetricsPage } from './use-metrics-view.ts';

/** The real server action behind the metrics page. */
export const readMetrics: ReadMetricsPage = readMetricsPage;
