import type { Config } from 'tailwindcss';

/** Names by meaning; the values live in `app/globals.css`, once for light and once for dark. */
const colours = [
  ...['canvas', 'surface', 'sunken', 'hover', 'line', 'line-strong', 'line-ink'],
  ...['ink', 'ink-2', 'ink-3', 'ink-4', 'primary', 'on-primary', 'on-primary-2', 'on-primary-line'],
  ...['ok', 'watch', 'bad', 'susp', 'unk', 'info'].flatMap((name) => [name, `${name}-edge`]),
  ...['knock', 'knock-watch', 'base', 'band', 'hatch'],
  ...[1, 2, 3, 4, 5, 6, 7, 8].map((n) => `s${n}`),
];

export default {
  content: ['./app/**/*.{ts,tsx}', './components/**/*.{ts,tsx}'],
  theme: {
    colors: {
      transparent: 'transparent',
      current: 'currentColor',
      ...Object.fromEntries(colours.map((name) => [name, `var(--${name})`])),
    },
    // Below 721 px a phone; two columns from 900; the icon rail widens at 1101; source ages join the header at 1361.
    screens: { tablet: '721px', duo: '900px', desk: '1101px', wide: '1361px', wall: '2001px' },
    fontFamily: { sans: 'var(--font)', mono: 'var(--mono)' },
    fontSize: {
      hero: ['28px', { lineHeight: '37px', letterSpacing: '-0.024em', fontWeight: '500' }],
      'hero-phone': ['22px', { lineHeight: '29px', letterSpacing: '-0.019em', fontWeight: '500' }],
      figure: ['22px', { lineHeight: '28px', letterSpacing: '-0.02em', fontWeight: '500' }],
      'figure-phone': ['19px', { lineHeight: '26px', letterSpacing: '-0.02em', fontWeight: '500' }],
      section: ['15px', { lineHeight: '20px', letterSpacing: '-0.008em', fontWeight: '600' }],
      prose: ['14px', { lineHeight: '22px' }],
      data: ['13px', { lineHeight: '20px' }],
      label: ['12px', { lineHeight: '16px' }],
      axis: ['11px', { lineHeight: '14px' }],
      mono: ['12.5px', { lineHeight: '20px' }],
    },
    fontWeight: { normal: '400', medium: '500', semibold: '600' },
    borderRadius: { none: '0', tag: '4px', control: '6px', box: '10px', full: '9999px' },
    boxShadow: { float: 'var(--shadow)' },
  },
} satisfies Config;
