/** How a process read a setting, in its own word. `other`: it is no flag. `unset`: it was not there. */
export const SETTING_PARSED = ['true', 'false', 'unset', 'invalid', 'other'] as const;
export type SettingParsed = (typeof SETTING_PARSED)[number];

/** What the text of a setting looks like to the process that holds it. `unknown`: a word that we do not know. */
export const SETTING_LOOKS = ['ok', 'digest', 'unparsable', 'empty', 'unknown'] as const;
export type SettingLooks = (typeof SETTING_LOOKS)[number];

/** What can be told of a value without keeping it. `digest`: 16 to 64 hexadecimal characters. */
export const VALUE_CLASSES = ['true', 'false', 'digest', 'empty', 'other'] as const;
export type ValueClass = (typeof VALUE_CLASSES)[number];

/** What a flag may hold; the only ones that are offered as a way out. */
export const TRUE_LITERALS = ['true', '1', 'yes', 'on'] as const;
export const FALSE_LITERALS = ['false', '0', 'no', 'off'] as const;

const DIGEST = /^[0-9a-f]{16,64}$/;
const NAME = /^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/;

/** True for what can be the name of a setting: anything else may be a value that stands in the wrong place. */
export function isSettingName(text: string): boolean {
  return NAME.test(text);
}

/** Class of a value; letter case and blanks around it carry nothing. */
export function classifyValue(value: string): ValueClass {
  const text = value.trim().toLowerCase();
  if (text === '') return 'empty';
  if (TRUE_LITERALS.some((literal) => literal === text)) return 'true';
  if (FALSE_LITERALS.some((literal) => literal === text)) return 'false';
  return DIGEST.test(text) ? 'digest' : 'other';
}

/** The switch that takes an app off Redis, by the names that it is usually given. */
export function isRedisSwitch(setting: string): boolean {
  return /^(?:(?:SUSPEND|DISABLE)_REDIS|REDIS_(?:SUSPENDED|SUSPEND|DISABLED))$/i.test(setting);
}
