import { join } from 'node:path';
import { backtestSection } from './alerts/backtest-section.ts';
import { deliverySection } from './alerts/delivery-section.ts';
import { countsSection, gatesSection, ratesSection } from './alerts/detection-section.ts';
import { killsSection } from './alerts/kills-section.ts';
import { type AlertBenchOptions, readOptions } from './alerts/options.ts';
import { publicSection } from './alerts/public-section.ts';
import { type AlertReport, gatesOf, printReport } from './alerts/report.ts';
import type { Row } from './lib/row.ts';
import { notMeasured, tellGates } from './lib/tell-gates.ts';
import type { Section } from './verdict/plan.ts';

const PAGE = join('docs', 'alert-gates.md');

type Part = (options: AlertBenchOptions) => Promise<Section | null> | Section | null;

/** In the order of the report. Null: the public series are not there. */
const PARTS: Record<string, Part> = {
  counts: countsSection,
  rates: ratesSection,
  gates: gatesSection,
  public: ({ dataFolder }) => publicSection(dataFolder),
  backtests: ({ seed, days }) => backtestSection({ seed, days }),
  delivery: ({ watches }) => deliverySection({ sends: watches }),
  kills: killsSection,
};

/**
 * How good the alerts are: false alarms and delays of the detectors beside fixed rules on the same seeds, the score on
 * public series, and delivery. Prints the report on stdout and leaves exit code 1 where a gate does not hold.
 */
export async function benchAlerts(args: readonly string[] = []): Promise<Row[]> {
  const report = await measure(readOptions(args, process.cwd()));
  return tellGates('alerts', {
    text: printReport(report),
    gates: gatesOf(report),
    page: report.options.writes ? PAGE : null,
  });
}

async function measure(options: AlertBenchOptions): Promise<AlertReport> {
  const startedMs = Date.now();
  const sections: Section[] = [];
  const left: string[] = [];
  for (const [name, part] of Object.entries(PARTS)) {
    if (options.only.length > 0 && !options.only.includes(name)) continue;
    console.error(`alerts: ${name}`);
    const section = await part(options);
    if (section !== null) sections.push(section);
    else left.push(notMeasured(name));
  }
  return { options, startedMs, tookMs: Date.now() - startedMs, sections, left };
}
