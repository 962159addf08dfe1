import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { appMetrics } from '@/lib/core/metrics/catalogue/app.ts';
import { CATALOGUE, type MetricEntry } from '@/lib/core/metrics/catalogue/index.ts';
import { scrapeMetrics } from '@/lib/core/metrics/catalogue/scrape.ts';
import { parseAnswers } from './app/parse.ts';
import { answer, machine } from './app/test-answers.ts';
import { WorkerWatch } from './app/workers.ts';

const NOW_MS = 1_795_310_000_000;

/** Text of every file of a folder that is no test. */
function sourceOf(folder: string): string {
  const files = readdirSync(join(process.cwd(), folder), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.ts') && !/\.test\.ts$|(^|\/)test-/.test(file))
    .map((file) => readFileSync(join(process.cwd(), folder, file), 'utf8'))
    .join('\n');
}

const collectors = sourceOf('lib/server/collectors');
const poller = sourceOf('lib/server/poller');
const named = (text: string, name: string) => new RegExp(`['"\`]${name}['"\`]|^\\s+${name}:`, 'm').test(text);

/** Metrics of a machine that have no family of their own on its page. */
const BESIDE_THE_PAGE: readonly string[] = [
  'app_up',
  'app_health_ok',
  'app_machine_info',
  'http_route_responses_total',
];

/** One family under our own name, as an app may export it. */
function pageOf(name: string, entry: MetricEntry): string {
  const value = (label: string) => (label === 'status' ? '200' : label === 'le' ? '+Inf' : 'x');
  const labels = entry.labels.map((label) => `${label}="${value(label)}"`).join(',');
  return `# TYPE ${name} ${entry.kind}\n${name}${labels === '' ? '' : `{${labels}}`} 1\n`;
}

describe('no metric of the catalogue is an orphan', () => {
  const apps = Object.entries<MetricEntry>(appMetrics).filter(([name]) => !BESIDE_THE_PAGE.includes(name));
  const ups = Object.keys(CATALOGUE).filter((name) =>
    /^(redis|db|app|upstash|neon|fly|prometheus|logs)_up$/.test(name),
  );
  const others = Object.keys(CATALOGUE).filter(
    (name) =>
      !apps.some(([app]) => app === name) && !ups.includes(name) && !Object.hasOwn(scrapeMetrics, name),
  );

  test.each(others)('%s is named by a collector', (name) => {
    expect(named(collectors, name)).toBe(true);
  });

  test.each(apps)('%s is found on a page under its own name, with its labels', (name, entry) => {
    const answers = { metrics: answer({ text: pageOf(name, entry) }), health: null, healthError: null };
    const { samples } = parseAnswers(answers, machine(), new WorkerWatch(), NOW_MS);
    expect(samples.map(({ metric, labels }) => [metric, Object.keys(labels)])).toEqual([
      [name, [...entry.labels]],
    ]);
  });

  test('what each visit leaves behind is written by the poller', () => {
    expect(ups).toHaveLength(8);
    for (const name of Object.keys(scrapeMetrics)) expect(named(poller, name), name).toBe(true);
  });
});
