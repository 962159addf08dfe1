'use client';

import { type ReactNode, useState } from 'react';
import {
  BLOCK_WORDS,
  CHECK_WORDS,
  CLAIM_WORDS,
  checkWords,
  claimWords,
  REASON_WORDS,
} from '@/components/panels/watch-words.ts';
import {
  ALERT_WORDS,
  HEALTH_WORDS,
  MODE_WORDS,
  SOURCE_WORDS,
  type StateWords,
} from '@/components/panels/words.ts';
import { Button } from '@/components/ui/button.tsx';
import { Chip, Tag } from '@/components/ui/chip.tsx';
import { Figure, Value } from '@/components/ui/figure.tsx';
import { GLYPHS } from '@/components/ui/glyph.tsx';
import { Icon } from '@/components/ui/icon.tsx';
import { IntervalStrip } from '@/components/ui/interval-strip.tsx';
import { PanelFrame } from '@/components/ui/panel-frame.tsx';
import { Segmented, segmentLook } from '@/components/ui/segmented.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { Status } from '@/components/ui/status.tsx';
import { CHECK_BLOCKS } from '@/lib/core/model/check.ts';
import { CANT_TELL_REASONS, type ClaimView } from '@/lib/core/model/claim.ts';
import { stripGeometry, stripWords } from '@/lib/core/strip/strip.ts';
import { Flow, GalleryBody, Row } from './frame.tsx';

function Words({ label, children }: Readonly<{ label: string; children: ReactNode }>) {
  return (
    <div className="not-first:mt-5">
      <p className="mb-2 text-label text-ink-3">{label}</p>
      <div className="grid grid-cols-[repeat(auto-fill,minmax(12rem,1fr))] gap-x-3.5 gap-y-2.5">
        {children}
      </div>
    </div>
  );
}

const statuses = (words: Record<string, StateWords>) =>
  Object.entries(words).map(([key, state]) => <Status key={key} {...state} />);

/** Statuses, colours, type, controls and the five states of a panel. */
export function PartsPage() {
  return (
    <GalleryBody title="Components and states." note="Shape and word first, colour last.">
      <Row title="Status" note="glyph and word, always together">
        <Words label="Claim">
          {statuses(CLAIM_WORDS)}
          <Status {...claimWords({ state: 'met', provisional: true, reason: null })} />
          <Status
            {...claimWords({ state: 'mostly_met', provisional: false, reason: null, provenShare: 0.934 })}
          />
        </Words>
        <Words label="Can’t tell, always with its reason">
          {CANT_TELL_REASONS.map((reason) => (
            <Status key={reason} {...claimWords({ state: 'cant_tell', provisional: false, reason })} wraps />
          ))}
        </Words>
        <Words label="Check">
          {statuses(CHECK_WORDS)}
          {CHECK_BLOCKS.filter((block) => !(block in REASON_WORDS) || block === 'redis_suspended').map(
            (block) => (
              <Status
                key={BLOCK_WORDS[block]}
                {...checkWords({ state: 'blocked', block, provisional: false })}
                wraps
              />
            ),
          )}
        </Words>
        <Words label="Alert">{statuses(ALERT_WORDS)}</Words>
        <Words label="Redis mode">{statuses(MODE_WORDS)}</Words>
        <Words label="Source">{statuses(SOURCE_WORDS)}</Words>
        <Words label="Health">{statuses(HEALTH_WORDS)}</Words>
        <Words label="All glyphs">
          {GLYPHS.map((glyph) => (
            <Status key={glyph} glyph={glyph} word={glyph.replace('_', ' ')} />
          ))}
        </Words>
      </Row>
      <Row title="Colour" note="series never borrow a status colour">
        <Swatches />
      </Row>
      <Row title="Type" note="one family, tabular figures">
        <TypeScale />
      </Row>
      <Row title="Chips and tags">
        <Flow>
          <Chip>
            <Status glyph="half" word="Mixed" detail="since 22:12Z" />
          </Chip>
          <Tag>backfilled</Tag>
          <Tag>stated</Tag>
          <Tag>measured</Tag>
          <Tag>inferred from 1 machine</Tag>
        </Flow>
      </Row>
      <Row title="Interval strip" note="the limit at the same place in every row">
        <Strips />
      </Row>
      <Row title="Controls">
        <Controls />
      </Row>
      <Row title="Panel states" note="the five">
        <PanelStates />
      </Row>
    </GalleryBody>
  );
}

const SWATCHES: readonly (readonly [
  label: string,
  names: readonly (readonly [name: string, look: string])[],
])[] = [
  [
    'Series 1 to 8',
    [
      ['s1', 'bg-s1'],
      ['s2', 'bg-s2'],
      ['s3', 'bg-s3'],
      ['s4', 'bg-s4'],
      ['s5', 'bg-s5'],
      ['s6', 'bg-s6'],
      ['s7', 'bg-s7'],
      ['s8', 'bg-s8'],
    ],
  ],
  [
    'Status',
    [
      ['ok', 'bg-ok'],
      ['watch', 'bg-watch'],
      ['bad', 'bg-bad'],
      ['susp', 'bg-susp'],
      ['unk', 'bg-unk'],
      ['info', 'bg-info'],
    ],
  ],
  [
    'Surfaces, lines, ink',
    [
      ['canvas', 'bg-canvas'],
      ['surface', 'bg-surface'],
      ['sunken', 'bg-sunken'],
      ['hover', 'bg-hover'],
      ['line', 'bg-line'],
      ['line-strong', 'bg-line-strong'],
      ['ink', 'bg-ink'],
      ['ink-2', 'bg-ink-2'],
      ['ink-3', 'bg-ink-3'],
    ],
  ],
];

function Swatches() {
  return SWATCHES.map(([label, names]) => (
    <div key={label} className="not-first:mt-5">
      <p className="mb-2 text-label text-ink-3">{label}</p>
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(4.5rem,1fr))] gap-2">
        {names.map(([name, look]) => (
          <li key={name} className="text-axis text-ink-3">
            <span className={`mb-1 block h-9 rounded-control border border-line ${look}`} />
            {name}
          </li>
        ))}
      </ul>
    </div>
  ));
}

function TypeScale() {
  const samples: readonly (readonly [name: string, sample: ReactNode])[] = [
    [
      'hero 28/37',
      <p key="hero" className="proportional text-hero-phone tablet:text-hero">
        v1206 is on track.
      </p>,
    ],
    ['figure 22/28', <Figure key="figure" value={{ text: '24.0', suffix: 'K/h' }} />],
    ['no figure', <Figure key="none" value={{ text: '–', suffix: '' }} />],
    [
      'section 15/20',
      <p key="section" className="text-section">
        Redis GETs
      </p>,
    ],
    [
      'prose 14/22',
      <p key="prose" className="text-prose">
        The free quota ends in 20 h 50 m at this rate.
      </p>,
    ],
    [
      'data 13/20',
      <p key="data">
        24.0K/h <span className="text-ink-3">−96.7&nbsp;% [−97.2, −96.1]</span> <Value text="–" />
      </p>,
    ],
    [
      'label 12/16',
      <p key="label" className="text-label text-ink-3">
        Before → promised
      </p>,
    ],
    [
      'mono 12.5/20',
      <p key="mono" className="font-mono text-mono">
        fly deploy -a harbor
      </p>,
    ],
  ];
  return (
    <dl>
      {samples.map(([name, sample]) => (
        <div key={name} className="grid items-baseline gap-x-4 py-1.5 tablet:grid-cols-[120px_minmax(0,1fr)]">
          <dt className="text-label text-ink-3">{name}</dt>
          <dd>{sample}</dd>
        </div>
      ))}
    </dl>
  );
}

type StripClaim = Pick<ClaimView, 'before' | 'promised' | 'effectPct' | 'interval'>;
const down = (limit: number) => ({ direction: 'atMost', value: limit, limit }) as const;

const STRIPS: readonly (readonly [name: string, claim: StripClaim, muted: boolean])[] = [
  ['inside', { before: 100, promised: down(5), effectPct: -96.7, interval: [-97.2, -96.1] }, false],
  ['across', { before: 100, promised: down(10), effectPct: -90.8, interval: [-92.4, -88.2] }, false],
  ['outside', { before: 100, promised: down(32.5), effectPct: -45.1, interval: [-48.9, -41] }, false],
  ['unmoved, can’t tell', { before: 100, promised: down(3.3), effectPct: -0.7, interval: [-3.1, 1.8] }, true],
  ['must not rise', { before: 100, promised: down(134.7), effectPct: 7.6, interval: [-44, 96] }, false],
  ['exact', { before: 100, promised: down(84), effectPct: -20, interval: [-20, -20] }, false],
  ['off both ends', { before: 100, promised: down(98), effectPct: 400, interval: [-99.9, 9_000] }, false],
  [
    'rises',
    {
      before: 61,
      promised: { direction: 'atLeast', value: 90, limit: 90 },
      effectPct: 55,
      interval: [53, 57],
    },
    false,
  ],
  ['not measured', { before: 100, promised: down(20), effectPct: null, interval: null }, false],
];

function Strips() {
  return (
    <ul className="grid gap-x-8 gap-y-3 duo:grid-cols-3">
      {STRIPS.map(([name, claim, muted]) => {
        const geometry = stripGeometry(claim);
        return (
          <li key={name} className="flex items-center gap-3">
            <span className="w-41 shrink-0">
              {geometry !== null && (
                <IntervalStrip
                  geometry={geometry}
                  muted={muted}
                  label={`${name}: ${stripWords(claim) ?? 'no interval'}`}
                />
              )}
            </span>
            <span className="text-label text-ink-3">{name}</span>
          </li>
        );
      })}
    </ul>
  );
}

function Controls() {
  const [chosen, setChosen] = useState('level');
  return (
    <Flow>
      <Button look="primary">Open Now</Button>
      <Button>Poll now</Button>
      <Button disabled>Polling…</Button>
      <Button look="ghost">Compare</Button>
      <Button size="small">Try again</Button>
      <Button size="icon" look="ghost" aria-label="Show as a table">
        <Icon name="table" />
      </Button>
      <Segmented label="Scale">
        {['level', 'index', 'log'].map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={name === chosen}
            className={segmentLook(name === chosen)}
            onClick={() => setChosen(name)}
          >
            {name}
          </button>
        ))}
      </Segmented>
    </Flow>
  );
}

function PanelStates() {
  return (
    <div className="grid w-full gap-x-12 gap-y-8 duo:grid-cols-2">
      <PanelFrame title="Loading" question="First time only?" state={{ kind: 'loading' }} />
      <PanelFrame
        title="Loading rows"
        question="And of a table?"
        state={{ kind: 'loading' }}
        skeleton={<Skeleton rows={4} />}
      />
      <PanelFrame title="Ready" question="Are there data?" state={{ kind: 'ready' }}>
        <p className="text-prose">The content.</p>
      </PanelFrame>
      <PanelFrame title="Stale" question="Are they old?" state={{ kind: 'stale', detail: '6 m old' }}>
        <p className="text-prose">The last content.</p>
      </PanelFrame>
      <PanelFrame
        title="Error"
        state={{ kind: 'error', text: 'Postgres refused the role.', fix: 'Grant pg_monitor to it.' }}
      >
        <p className="text-prose">The last good content.</p>
      </PanelFrame>
      <PanelFrame
        title="Empty"
        state={{ kind: 'empty', text: 'No machine is watched.', fix: 'List some.' }}
      />
    </div>
  );
}
