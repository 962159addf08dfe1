import 'server-only';
import type { Notice } from '@/lib/core/model/scrape.ts';
import type { SafeResponse } from '@/lib/server/http/safe-fetch.ts';
import { ScrapeError } from '../collector.ts';
import { type Exposition, ExpositionError, SeriesLimitError } from './exposition.ts';
import { parseJson } from './health.ts';
import { readJsonMetrics } from './json-metrics.ts';
import { parseOpenMetrics } from './open-metrics.ts';
import { parsePrometheusText } from './prometheus-text.ts';

/** More than any app should have; over it, the visit is refused as a whole. */
export const MAX_SERIES = 10_000;

export type PageAnswer = Pick<SafeResponse, 'contentType' | 'text' | 'framed'>;

export interface Page {
  exposition: Exposition;
  /** The parsed body when it was JSON; undefined otherwise. */
  json: unknown;
  notices: readonly Notice[];
}

type Dialect = 'text' | 'openMetrics' | 'json';

/**
 * A metrics page by its content type; a missing or unknown one is read as text 0.0.4, with a notice.
 * Throws `ScrapeError`: `parse` for HTML, an empty or cut page, or a line that cannot be read; `limit` over the cap.
 */
export function readPage(answer: PageAnswer, who: string): Page {
  const { text } = answer;
  if (/^\s*</.test(text)) {
    throw new ScrapeError(
      'parse',
      `${who}: its metrics page answered HTML, not metrics (a login page or SPA fallback?); check its path under machines in the config, and whether it needs a token`,
    );
  }
  const type = mediaType(answer.contentType);
  if (type.endsWith('protobuf')) {
    throw new ScrapeError(
      'parse',
      `${who}: its metrics page answered protobuf though text was asked for; switch the exporter to the text format`,
    );
  }
  const json = /^\s*[{["]/.test(text) ? parseJson(text) : undefined;
  const { dialect, certain } = chooseDialect(type, text, json);
  const notices: Notice[] = [];
  if (!certain) {
    const said = type === '' ? 'no content type' : 'a content type that is not one of metrics';
    notices.push({
      code: 'content_type',
      text: `Its metrics page says ${said}; it was read as Prometheus text. Answer with text/plain; version=0.0.4, else Prometheus itself refuses it.`,
    });
  }
  const exposition = parse(dialect, answer, json, who);
  if (exposition.families.size === 0 && exposition.series === 0) {
    throw new ScrapeError(
      'parse',
      `${who}: its metrics page is empty; expected metrics; check its path under machines in the config, and that the exporter is registered`,
    );
  }
  if (exposition.duplicates > 0) {
    notices.push({
      code: 'duplicate_series',
      text: `${exposition.duplicates} lines of its metrics page repeat a series with the same labels; the last one was taken. Prometheus refuses such a page.`,
    });
  }
  return { exposition, json, notices };
}

function mediaType(contentType: string | null): string {
  return (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

function chooseDialect(type: string, text: string, json: unknown): { dialect: Dialect; certain: boolean } {
  if (type === 'application/openmetrics-text') return { dialect: 'openMetrics', certain: true };
  // Handlers that forget the content type are common; a body that is JSON as a whole is no exposition.
  if (json !== undefined) return { dialect: 'json', certain: true };
  if (type === 'application/json' || type.endsWith('+json')) return { dialect: 'json', certain: true };
  if (type === 'text/plain') return { dialect: 'text', certain: true };
  return { dialect: text.trimEnd().endsWith('\n# EOF') ? 'openMetrics' : 'text', certain: false };
}

function parse(dialect: Dialect, answer: PageAnswer, json: unknown, who: string): Exposition {
  try {
    switch (dialect) {
      case 'openMetrics':
        return parseOpenMetrics(answer.text, MAX_SERIES);
      case 'json':
        if (json === undefined) {
          throw new ScrapeError(
            'parse',
            `${who}: its metrics page says it is JSON, but it is not, or it was cut; check its path under machines in the config`,
          );
        }
        return readJsonMetrics(json, MAX_SERIES);
      case 'text':
        // Without a length, only the last newline tells a whole page from one that was cut in a number.
        if (!answer.framed && answer.text !== '' && !answer.text.endsWith('\n')) {
          throw new ScrapeError('parse', `${who}: its metrics page was cut: the last line has no end`);
        }
        return parsePrometheusText(answer.text, MAX_SERIES);
      default:
        return dialect satisfies never;
    }
  } catch (error) {
    if (error instanceof ExpositionError) {
      throw new ScrapeError(
        'parse',
        `${who}: its metrics page cannot be read at ${error.message}; the whole page is left out, since a lost line would look like a zero`,
        { cause: error },
      );
    }
    if (error instanceof SeriesLimitError) {
      throw new ScrapeError(
        'limit',
        `${who}: its metrics page has more than ${error.limit.toLocaleString('en-US')} series; drop labels with many values, such as full paths or user ids`,
        { cause: error },
      );
    }
    throw error;
  }
}
