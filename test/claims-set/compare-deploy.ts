import type { DeployFacts } from '@/lib/core/claims/document.ts';
import type { ExpectedDeploy } from './label.ts';
import type { DocumentScore } from './score.ts';

/** Which of the facts that the label states came out. */
export function compareDeploy(
  expected: ExpectedDeploy,
  got: DeployFacts,
): Pick<DocumentScore, 'deploy' | 'wrongDeploy'> {
  const facts: Record<string, boolean> = {};
  if (expected.app !== undefined) facts.app = got.app === expected.app;
  if (expected.version !== undefined) facts.version = bare(got.version) === bare(expected.version);
  if (expected.time !== undefined) facts.time = isSameTime(expected.time, got.time);
  if (expected.machinesRunning !== undefined) {
    facts.machinesRunning = got.machinesRunning === expected.machinesRunning;
  }
  if (expected.machinesAssumed !== undefined) {
    facts.machinesAssumed = got.machinesAssumed === expected.machinesAssumed;
  }
  if (expected.commits !== undefined) {
    facts.commits = [...got.commits].sort().join() === [...expected.commits].sort().join();
  }
  if (expected.nextReview !== undefined) {
    facts.nextReview = got.nextReview?.includes(expected.nextReview) ?? false;
  }
  if (expected.nextReviewAt !== undefined) {
    facts.nextReviewAt = isSameTime(expected.nextReviewAt, got.nextReviewAt);
  }
  const wrongDeploy = Object.keys(facts).filter((fact) => !facts[fact]);
  const wanted = Object.keys(facts).length;
  return { deploy: { wanted, right: wanted - wrongDeploy.length }, wrongDeploy };
}

function bare(version: string | null): string | null {
  return version === null ? null : version.replace(/^v/i, '');
}

/** Same instant, or the same day where the label names no more than the day. */
function isSameTime(expected: string, got: string | null): boolean {
  if (got === null) return false;
  if (!expected.includes('T')) return got.startsWith(expected);
  return Date.parse(expected) === Date.parse(got);
}
