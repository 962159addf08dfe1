'use server';
import { z } from 'zod';
import { SOURCE_KINDS } from '@/lib/core/model/target.ts';
import type { CheckedSource, SettingsView } from '@/lib/core/sources/settings-view.ts';
import { writeSource } from '@/lib/core/sources/write-yaml.ts';
import { checkForm } from '@/lib/core/sources/yaml-form.ts';
import { KnownError } from '@/lib/server/http/guards.ts';
import { readSettings as query } from '@/lib/server/queries/settings.ts';
import { getRuntime } from '@/lib/server/runtime.ts';
import { checkSourceYaml, nameFault } from '@/lib/server/sources/check-source.ts';
import { action } from './action.ts';

/** The one batched read of the settings page. */
export const readSettings = action(
  z.strictObject({}),
  async (): Promise<SettingsView> => query(getRuntime()),
  {
    name: 'readSettings',
  },
);

/**
 * A filled form as lines of `afterwatch.yml`, read by the real config. Nothing is stored and no variable of this server
 * is looked at: the form holds names of variables, never what they hold.
 */
export const checkSource = action(
  z.strictObject({
    kind: z.enum(SOURCE_KINDS),
    values: z.record(z.string().max(20), z.string().max(8_000)),
  }),
  async (_call, { kind, values }): Promise<CheckedSource> => {
    const [problem] = checkForm(kind, values);
    if (problem !== undefined) throw new KnownError('bad_input', `${problem.key}: ${problem.text}`);
    const { yaml, variables } = writeSource(kind, values);
    const { targets, faults } = checkSourceYaml(yaml, variables);
    const taken = nameFault(targets, getRuntime().config);
    return {
      yaml,
      variables: variables.map(({ name, holds }) => ({ name, holds })),
      faults: taken === null ? faults : [...faults, taken],
    };
  },
  { name: 'checkSource', cost: 2 },
);
