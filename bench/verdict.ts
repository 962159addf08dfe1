import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Row } from './lib/row.ts';
import { notMeasured, tellGates } from './lib/tell-gates.ts';
import { changeSection, coverSection } from './verdict/change-section.ts';
import { claimsSection, countsSection } from './verdict/claims-section.ts';
import { nothingSection } from './verdict/nothing-section.ts';
import { readOptions } from './verdict/options.ts';
import { costSection, countersSection, detectorsSection } from './verdict/other-sections.ts';
import { type Plan, planOf, type Section } from './verdict/plan.ts';
import { openPool, serveJobs } from './verdict/pool.ts';
import { publicSection } from './verdict/public-section.ts';
import { gatesOf, printReport, type Report } from './verdict/report.ts';

const PAGE = join('docs', 'verdict-gates.md');

/** In the order of the report. Null: the public series are not there. */
const PARTS: Record<string, (plan: Plan) => Promise<Section | null>> = {
  nothing: nothingSection,
  change: changeSection,
  cover: coverSection,
  claims: claimsSection,
  counts: countsSection,
  public: publicSection,
  detectors: detectorsSection,
  counters: countersSection,
};

/**
 * The accuracy of the verdict, on seeded watches and public series, beside the rules of others. Prints the report on
 * stdout and leaves exit code 1 where a gate does not hold.
 */
export async function benchVerdict(args: readonly string[] = []): Promise<Row[]> {
  const report = await measure(args);
  return tellGates('verdict', {
    text: printReport(report),
    gates: gatesOf(report),
    page: report.options.writes ? PAGE : null,
  });
}

async function measure(args: readonly string[]): Promise<Report> {
  const options = readOptions(args, process.cwd());
  const isAsked = (name: string) => options.only.length === 0 || options.only.includes(name);
  const startedMs = Date.now();
  const pool = openPool(fileURLToPath(import.meta.url), options.threads, progress());
  const plan = planOf(pool, options);
  const left: string[] = [];
  const sections: Section[] = [];
  try {
    const found = await Promise.all(
      Object.entries(PARTS)
        .filter(([name]) => isAsked(name))
        .map(async ([name, part]) => ({ name, section: await part(plan) })),
    );
    for (const { name, section } of found) {
      if (section !== null) sections.push(section);
      else left.push(notMeasured(name));
    }
  } finally {
    await pool.close();
  }
  if (isAsked('cost')) sections.push(costSection(plan));
  return { options, startedMs, tookMs: Date.now() - startedMs, sections, left };
}

/** A line on stderr at each tenth of the work. */
function progress(): (done: number, of: number) => void {
  let told = 0;
  return (done, of) => {
    const tenth = Math.floor((10 * done) / of);
    if (tenth <= told) return;
    told = tenth;
    console.error(`verdict: ${10 * tenth} % of ${of} pieces of work`);
  };
}

serveJobs();
