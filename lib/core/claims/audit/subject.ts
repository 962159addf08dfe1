import { plainWords } from '../bind/words.ts';
import type { ParsedClaim, ReadSummary } from '../document.ts';
import { type Section, sectionAt } from './sections.ts';

/** Words that do not narrow what a number is about. In the form of `plainWords`. */
const GENERAL = new Set(
  `a about above across after all already also an and any app application apply are around as ask at average avg be because been before below best better
  both bring but by came can change check claim come command compare confirm console cost could current currently cut detail details dashboard data day deploy
  deployment did do does done down drop dropped each easily effect estimate every expect expected fall fast faster few fewer first fix flat for found from
  gain get go goal good had half has have high hit hour how i if immediately impact improve improved improvement in increase indicator instead into is it its just keep key last less
  level like line load look low lower mean measured metric min minute mo monitor monthly month more most much must near need new next no normal not now number of off
  on only op operation optimization optimisation or other our out over overall overview panel per percent performance period plan post pre prediction previous problem production
  promise query rate re reach read ready real reduce reduced reduction request result rise root round run same save saved saving second section see should show
  since sm smaller so some speed stable stay step still success such sum summary take target than that the their them then there these they thing this
  time to today top total traffic under unchanged until up upgrade upstash usage use value verify volume vs was watch we week well were what when where which while
  will win with within without work worst would year you your zero redis #get database db neon neondb postgre postgres console call count issue cause
  de del la el los las un una por al y en con sin se que antes despues actual anterior nuevo total reduccion reducido ahorro mejora consulta base dato dia
  hora minuto semana mes de a menos mas esperado impacto resumen resultado costo coste objetivo meta produccion peticion solicitud lectura ahora debe deberia bajar baja`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

/** Words of a text that narrow it: `rate limiter` of `95 % fewer rate limiter GETs`. Empty for the whole of a thing. */
export function narrowWords(text: string): string[] {
  const words = plainWords(text.replace(/https?:\/\/\S+/g, ' '))
    .trim()
    .split(' ')
    .filter((word) => word.length > 1 && !/^\d/.test(word) && !GENERAL.has(word));
  return [...new Set(words)].sort();
}

/**
 * What narrows a claim: words of its own and of the heading above. Where several places say it, those of the widest one:
 * a number that the closing table repeats without a qualifier is the number of the whole.
 */
export function scopeOf(
  claim: ParsedClaim,
  summary: ReadSummary,
  sections: readonly Section[],
  narrow: (text: string) => string[] = narrowWords,
): string[] {
  const own = narrow(claim.text);
  const places = claim.source.lines.slice(0, 16).map((line, index) => {
    const section = sectionAt(sections, line);
    const heading = section === null || section.isTitle ? '' : section.heading;
    const words = narrow(heading);
    // The claim's text is that of its first line; other lines are read for themselves.
    const line1 = index === 0 ? own : narrow(summary.lines[line - 1] ?? '');
    return [...new Set([...line1, ...words])].sort();
  });
  if (places.length === 0) return own;
  return places.reduce((widest, words) => (words.length < widest.length ? words : widest));
}
