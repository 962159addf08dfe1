import { describe, expect, it } from 'vitest';
import { entryOf, eveningEntries, incidentOf, incidentView } from '@/components/fixtures/incident.ts';
import { readCsv } from '@/lib/core/chart/test-csv.ts';
import { incidentJsonSchema } from '@/lib/core/incidents/incident-json.ts';
import { exportName, exportResponse } from './export-response.ts';

const URL_ = 'https://watch.example/incidents/20260409T181200-abcdefghjkmn';
const textOf = (view = incidentView(), format: 'md' | 'json' | 'csv' = 'md') =>
  exportResponse(view, format, URL_).text();
const HIDDEN = entryOf({
  ...{ atMs: incidentOf().startMs, fact: { kind: 'share' }, title: 'Secret plan', by: 'Ada' },
  hidden: { by: 'Ben', atMs: incidentOf().startMs },
});

describe('an incident as a file', () => {
  it('tells in Markdown what, where, when, how much, why and what is left to do', async () => {
    const text = (await textOf()).replaceAll('\u00a0', ' ');
    for (const part of [
      '# Redis GETs did not fall after v1203, and nobody could see why.',
      '- When: 9 Apr 2026 17:54Z to 9 Apr 2026 20:40Z, 2 h 45 m so far; all times in UTC',
      '| GETs above the promise | 1,870,000 |',
      '| for them | $3.74 | at \\$0.20 per 100K; inferred |',
      '| requests refused | – | No source tells 429s apart from other 4xx. |',
      'b v1204, secrets, 19:22Z',
      'No data: no source tells latency.\n\n## What v1203 promised',
      '| 9 Apr 20:38Z | Identified |   | Ada |',
      '> - health is green',
      '- **Confirmed**: SUSPEND\\_REDIS was parsed as false: ',
      '- [x] Set SUSPEND\\_REDIS=true, Ada',
      `[Incident in Afterwatch](${URL_}). Written 9 Apr 2026 20:40Z.`,
    ])
      expect(text).toContain(part);
  });

  it('leaves hidden lines out of every form, and says how many they are', async () => {
    const view = incidentView({ incident: incidentOf({ entries: [...eveningEntries(), HIDDEN] }) });
    const [md, json, csv] = await Promise.all([textOf(view), textOf(view, 'json'), textOf(view, 'csv')]);
    expect([md, json, csv].filter((text) => text.includes('Secret plan'))).toEqual([]);
    expect(md).toContain('Hidden lines of the timeline (1).');
    expect(JSON.parse(json)).toMatchObject({ hiddenEntries: 1 });
  });

  it('gives programs the documented shape and nothing beside it, unknown as null', async () => {
    const json: unknown = JSON.parse(await textOf(incidentView(), 'json'));
    const parsed = incidentJsonSchema.parse(json);
    expect(parsed).toEqual(json);
    expect(parsed).toMatchObject({ version: 1, url: URL_, incident: { release: 'v1203', endMs: null } });
    expect(parsed.impact.find(({ id }) => id === 'refused')).toMatchObject({
      value: null,
      why: 'No source tells 429s apart from other 4xx.',
    });
    expect(parsed.charts.map(({ missing }) => missing)).toEqual([
      null,
      null,
      null,
      'no source tells latency',
    ]);
    expect(json).not.toHaveProperty('sources');
  });

  it('writes a row for each line and bucket, and an empty value where nothing was measured', async () => {
    const rows = readCsv(await textOf(incidentView(), 'csv'));
    const [gets] = incidentView().charts;
    const points = gets?.view.lines[0]?.points ?? [];
    expect(rows[0]).toEqual(['chart', 'line', 'time', 'value', 'unit']);
    const own = rows.filter(([chart]) => chart === 'Redis GETs');
    expect(own).toHaveLength(points.length);
    expect(own.map(([, , , value]) => value)).toEqual(
      points.map(([, value]) => (value === null ? '' : String(value))),
    );
    expect(own.some(([, , , value]) => value === '')).toBe(true);
  });

  it('no name can be taken for a formula, nor break out of its cell', async () => {
    const [chart] = incidentView().charts;
    if (chart === undefined) throw new Error('the evening has a chart');
    for (const title of ['=cmd|" /C calc"!A0', '+1', '-1', '@SUM(1)', '\t=1', 'a","=1', 'a\r\n=1']) {
      const line = { key: 'all', label: title, quality: 'measured', points: [[0, -1]] } as const;
      const charts = [{ ...chart, title, view: { ...chart.view, lines: [line] } }];
      const [, ...rows] = readCsv(await textOf(incidentView({ charts }), 'csv'));
      expect(rows).toHaveLength(1);
      expect(rows[0]?.slice(2, 4)).toEqual(['1970-01-01T00:00:00.000Z', '-1']);
      for (const cell of rows[0]?.slice(0, 2) ?? []) {
        expect(cell.replace(/^'/, '')).toBe(title);
        expect(cell).not.toMatch(/^\s*[=+\-@]/);
      }
    }
  });

  it('has a name of letters, digits and hyphens, whatever its title', () => {
    const nameOf = (title: string) => exportName({ incident: incidentOf({ title }) });
    expect(nameOf('Redis GETs did not fall')).toBe('incident-20260409-redis-gets-did-not-fall');
    expect(nameOf('部署"; filename=../../evil.exe\r\nX: y')).toBe('incident-20260409-filename-evil-exe-x-y');
    expect(nameOf('🔥')).toBe('incident-20260409');
    expect(nameOf('é'.repeat(500))).toMatch(/^[a-z0-9-]{1,90}$/);
    const { headers } = exportResponse(incidentView(), 'csv', URL_);
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="incident-[a-z0-9-]+\.csv"$/);
  });
});
