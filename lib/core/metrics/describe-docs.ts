import { describeOwnNames, describeSnippets } from './snippets/index.ts';

export { describeCatalogue } from './catalogue/describe.ts';

/** Parts of the guide that are made, by the word in their marks. */
const PARTS: Readonly<Record<string, () => string>> = {
  names: describeOwnNames,
  snippets: describeSnippets,
};

/** `docs/instrument-your-app.md` with its made parts put in anew; throws where a mark is missing. */
export function fillGuide(text: string): string {
  return Object.entries(PARTS).reduce((guide, [name, make]) => {
    const pattern = new RegExp(`(<!-- ${name}: [^\\n]*-->\\n)[\\s\\S]*?(<!-- /${name} -->)`);
    if (!pattern.test(guide))
      throw new Error(`docs/instrument-your-app.md: the marks of ${name} are missing`);
    // A function, since code holds dollar signs.
    return guide.replace(pattern, (_all, begin: string, end: string) => `${begin}\n${make()}\n${end}`);
  }, text);
}
