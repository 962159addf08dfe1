import { describe, expect, it } from 'vitest';
import { parseAnswers } from './parse.ts';
import { answer, machine } from './test-answers.ts';
import { WorkerWatch } from './workers.ts';

const NOW_MS = 1_795_310_000_000;

function read(lines: readonly string[]) {
  const text = ['# TYPE app_setting_info gauge', ...lines, ''].join('\n');
  const answers = { metrics: answer({ text }), health: null, healthError: null };
  const { samples, notices } = parseAnswers(answers, machine(), new WorkerWatch(), NOW_MS);
  return { settings: samples.filter(({ metric }) => metric === 'app_setting_info'), notices };
}

describe('settings that an app tells', () => {
  it('are read with their words, in whatever letter case', () => {
    const { settings } = read([
      'app_setting_info{setting="SUSPEND_REDIS",parsed="False",looks="DIGEST"} 1',
      'app_setting_info{setting="LIMITER_SYNC_SECONDS",parsed="other",looks="ok"} 1',
    ]);
    expect(settings.map(({ labels }) => labels)).toEqual([
      { setting: 'SUSPEND_REDIS', parsed: 'false', looks: 'digest' },
      { setting: 'LIMITER_SYNC_SECONDS', parsed: 'other', looks: 'ok' },
    ]);
  });

  it('a value that an app puts in place of a word, or a name with it, is not kept', () => {
    const { settings } = read([
      'app_setting_info{setting="API_KEY",parsed="fake-9f8e7d",looks="s3cret"} 1',
      'app_setting_info{setting="API_KEY=fake-9f8e7d",parsed="other",looks="ok"} 1',
    ]);
    expect(JSON.stringify(settings)).not.toMatch(/fake|s3cret/);
    expect(settings.map(({ labels }) => labels)).toEqual([
      { setting: 'API_KEY', parsed: 'other', looks: 'unknown' },
      { parsed: 'other', looks: 'ok' },
    ]);
  });

  it.each([
    [200, 200, []],
    [201, 0, ['too_many_labels']],
  ])('of %i settings %i are kept', (told, kept, codes) => {
    const { settings, notices } = read(
      Array.from(
        { length: told },
        (_, i) => `app_setting_info{setting="S_${i}",parsed="other",looks="ok"} 1`,
      ),
    );
    expect(settings).toHaveLength(kept);
    expect(notices.map(({ code }) => code)).toEqual(codes);
  });
});
