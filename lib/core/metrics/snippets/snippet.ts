import type { appMetrics } from '../catalogue/app.ts';

/** A metric that only the app itself can tell. */
export type AppMetric = keyof typeof appMetrics;

/** Ways to write an exporter, in the order in which they are offered. */
export const LANGUAGES = ['node', 'python', 'go', 'otel'] as const;
export type Language = (typeof LANGUAGES)[number];

/** As a heading says it: the language and the library. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  node: 'Node.js (prom-client)',
  python: 'Python (prometheus_client)',
  go: 'Go (client_golang)',
  otel: 'OpenTelemetry (JavaScript API)',
};

/** Lines that stand once above all snippets of a language. */
export const PREAMBLES: Readonly<Record<Language, string>> = {
  node: "import { Counter, Gauge } from 'prom-client';",
  python: 'from prometheus_client import Counter, Gauge',
  go: `import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

func counter(name, help string, labels ...string) *prometheus.CounterVec {
	return promauto.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
}

func gauge(name, help string, read func() float64) {
	promauto.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, read)
}`,
  otel: `import { metrics } from '@opentelemetry/api';

const meter = metrics.getMeter('app');
const gauge = (name, read) =>
  meter.createObservableGauge(name).addCallback((result) => read((value, labels) => result.observe(value, labels)));`,
};

/** Metrics that are exported together, and the code that does it. */
export interface SnippetGroup {
  id: string;
  /** What the code is about: `Redis commands`. */
  title: string;
  /** What can be answered with it, as a part of a sentence. */
  lightsUp: string;
  metrics: readonly AppMetric[];
  /** Code that follows the preamble of its language. */
  code: Readonly<Record<Language, string>>;
}
