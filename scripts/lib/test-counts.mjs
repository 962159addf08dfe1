// Reads the JSON reports of the runners.

/** @param {{numPassedTests?: number, numFailedTests?: number}} report of vitest's `json` reporter */
export function countVitest(report) {
  return { passed: report.numPassedTests ?? 0, failed: report.numFailedTests ?? 0 };
}

/** `flaky` passed at a later try, which is a pass here as it is for the runner. */
export function countPlaywright({ stats = {} }) {
  return { passed: (stats.expected ?? 0) + (stats.flaky ?? 0), failed: stats.unexpected ?? 0 };
}

export function addCounts(a, b) {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed };
}
