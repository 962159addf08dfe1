/** Line icons of controls and navigation; never decoration. Drawn on 16 px. */
const PATHS = {
  pulse: 'M1.8 9h3l2.2-5.4 2.8 9 2-3.6h2.4',
  bell: 'M8 2a3.9 3.9 0 0 0-3.9 3.9c0 3.6-1.5 4.6-1.5 5.2h10.8c0-.6-1.5-1.6-1.5-5.2A3.9 3.9 0 0 0 8 2ZM6.6 13.3a1.5 1.5 0 0 0 2.8 0',
  chevron: 'M4.5 6.3 8 9.8l3.5-3.5',
  sun: 'M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6ZM8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M12.6 3.4l-.9.9M4.3 11.7l-.9.9',
  moon: 'M13.3 9.7A5.6 5.6 0 0 1 6.3 2.7a5.6 5.6 0 1 0 7 7Z',
  device: 'M2.5 3.5h11v7.5h-11ZM6 13.5h4M8 11v2.5',
  again: 'M13 4v3h-3M12.7 7A5 5 0 1 0 13 9.2',
  table: 'M2.5 3.2h11v9.6h-11ZM2.5 6.4h11M6.5 6.4v6.4',
  sliders: 'M2.5 4.5h5M10.5 4.5h3M2.5 11.5h3M8.5 11.5h5M9 3v3M7 10v3',
  toggle:
    'M5 4.3h6a3.7 3.7 0 0 1 0 7.4H5a3.7 3.7 0 0 1 0-7.4ZM11 6.3a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4Z',
  deploy: 'M8 2v8M4.8 7 8 10.2 11.2 7M2.8 13.4h10.4',
  coins:
    'M6.2 2.5c2.3 0 4.2.8 4.2 1.9s-1.9 1.9-4.2 1.9S2 5.5 2 4.4s1.9-1.9 4.2-1.9ZM2 4.4v6.8c0 1.1 1.9 1.9 4.2 1.9M2 7.8c0 1.1 1.9 1.9 4.2 1.9M11.3 6.9a3.3 3.3 0 1 0 0 6.6 3.3 3.3 0 0 0 0-6.6Z',
  chart: 'M2.5 2.5v11h11M4.8 10.5 7.5 7l2.3 2 3.4-4.5',
  flag: 'M3 2.5v11M3 3.2h8.6L9.8 6l1.8 2.8H3',
  more: 'M2.5 4h11M2.5 8h11M2.5 12h11',
  copy: 'M5.5 5.5H13v8H5.5ZM3 10.5v-8h7.5',
  print: 'M4.5 6V2.5h7V6M4.5 11.5h-2V6h11v5.5h-2M4.5 9.5h7v4h-7Z',
} as const;
export type IconName = keyof typeof PATHS;

/** One line icon in the colour of the text around it. */
export function Icon({ name, size = 16 }: Readonly<{ name: IconName; size?: 14 | 16 | 20 }>) {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" className="block shrink-0">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth={1.4}
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
