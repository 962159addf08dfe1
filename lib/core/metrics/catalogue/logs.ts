import { counter, gauge, type MetricEntry } from './entry.ts';

/** What log lines tell that were sent to us. Counts of lines, never their text. */
export const logMetrics = {
  logs_up: gauge({
    unit: 'state',
    good: 'up',
    source: 'every flush',
    help: '1 while the sink for log lines is there to take them; whether lines come is told by their age.',
  }),
  logs_last_line_age_seconds: gauge({
    unit: 'seconds',
    good: 'down',
    source: 'arrival of lines',
    help: 'Time since the last line arrived; nothing before the first one.',
  }),
  logs_lines_total: counter({
    unit: 'events',
    good: 'neutral',
    source: 'POST /api/logs',
    help: 'Lines that were counted, by the machine that wrote them; nothing while no line has come for ten minutes.',
    labels: ['machine'],
  }),
  logs_pattern_lines_total: counter({
    unit: 'events',
    good: 'neutral',
    source: 'POST /api/logs, patterns of the configuration',
    help: 'Lines that fit a pattern, by pattern and machine; nothing while no line has come for ten minutes.',
    labels: ['pattern', 'machine'],
  }),
  logs_refused_lines_total: counter({
    unit: 'events',
    good: 'down',
    source: 'POST /api/logs',
    help: 'Lines that were not counted: unreadable, written more than ten minutes before they came, sent twice, of another app, or over a limit.',
    labels: ['reason'],
  }),
} satisfies Record<string, MetricEntry>;
