import type { RunbookStep } from '../../model/alert.ts';
import { shellWord } from './command-words.ts';
import type { RunbookPlace } from './rule.ts';

/** A step with a command for Fly; without the command where the app is not there. */
export function flyStep({ flyApp }: RunbookPlace, text: string, command: string): RunbookStep {
  return { text, command: flyApp === null ? null : `${command} -a ${shellWord(flyApp)}` };
}

/** How Redis is suspended so that processes read it as that. */
export function suspendStep(place: RunbookPlace): RunbookStep {
  return flyStep(
    place,
    'Suspend Redis: set the word true. What a list of secrets shows beside the name is a digest, never a value to copy.',
    'fly secrets set SUSPEND_REDIS=true',
  );
}

/** How Redis is used again, by stages. */
export function resumeSteps(place: RunbookPlace): RunbookStep[] {
  return [
    flyStep(
      place,
      'Use Redis again on staging or on one machine first: stage the setting, then update that machine alone.',
      'fly secrets set SUSPEND_REDIS=false --stage',
    ),
    {
      text: 'Watch it for 30 min: GETs at or under what was promised, no burst of 429s or 5xx, no limiter that fails open.',
      command: null,
    },
    flyStep(place, 'Then bring the others back, and watch all of them for a day.', 'fly secrets deploy'),
  ];
}

/** What each machine says of its switch. */
export const LOOK_AT_CONFIG: RunbookStep = {
  text: 'See on the Config page what each machine was given and what its process made of it.',
  command: null,
};
