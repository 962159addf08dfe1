import { describe, expect, it } from 'vitest';
import type { StageId, StageState, StageView } from '../model/suspension.ts';
import { isTriedIn, withStaging } from './staging.ts';

const stage = (id: StageId, state: StageState): StageView => ({
  ...{ id, state, title: id, startedMs: 1, dueMs: 2, decidedMs: null, evidence: `${id} ${state}` },
});
const staging = (...stages: StageView[]) => ({ environment: 'staging', stages });

describe('staging as the first stage', () => {
  it('is told by its name', () => {
    for (const name of ['staging', 'Stage', 'preview', 'pre-prod', 'test', 'qa'])
      expect(isTriedIn(name)).toBe(true);
    for (const name of ['production', 'live', 'eu-test', '']) expect(isTriedIn(name)).toBe(false);
  });

  it('stands first while no machine here is back, and the others wait', () => {
    const found = withStaging([], staging(stage('first', 'running'), stage('all', 'waiting')));
    expect(found.map(({ id, title, state }) => [id, title, state])).toEqual([
      ['first', 'Staging: staging', 'running'],
      ['all', 'All machines', 'waiting'],
      ['day', 'A day on all machines', 'waiting'],
    ]);
  });

  it('counts as a whole once all its machines are back', () => {
    const found = withStaging([], staging(stage('first', 'passed'), stage('all', 'failed')));
    expect(found[0]).toMatchObject({ state: 'failed', evidence: 'all failed' });
  });

  it('that passed stands for a first stage that was left out here, and for no other', () => {
    const passed = staging(stage('first', 'passed'));
    expect(withStaging([stage('first', 'blocked')], passed)[0]?.title).toBe('Staging: staging');
    for (const state of ['running', 'failed', 'passed'] as const)
      expect(withStaging([stage('first', state)], passed)[0]?.title).toBe('first');
    expect(withStaging([stage('first', 'blocked')], staging(stage('first', 'blocked')))[0]?.title).toBe(
      'first',
    );
  });

  it('is nothing where there is none', () => {
    expect(withStaging([], null)).toEqual([]);
    expect(withStaging([], staging())).toEqual([]);
    expect(withStaging([stage('all', 'passed')], null)).toEqual([stage('all', 'passed')]);
  });
});
