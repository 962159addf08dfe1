import fc from 'fast-check';

/** Any fixed number, so that a run of the tests can be made again; `AFTERWATCH_SEED=random` looks further. */
const SEED = 20_261_122;

const asked = process.env.AFTERWATCH_SEED;
if (asked !== 'random') fc.configureGlobal({ seed: asked === undefined ? SEED : Number(asked) });
