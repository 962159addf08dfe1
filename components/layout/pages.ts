import type { IconName } from '../ui/icon.tsx';

/** The pages that exist; rail and bottom bar show these and no others. A page below one of them is part of it. */
export const PAGES: readonly {
  href: string;
  label: string;
  icon: IconName;
  keys: string;
  /** On a phone it stands in the bottom bar itself, not behind its last entry. */
  phone: boolean;
}[] = [
  { href: '/', label: 'Now', icon: 'pulse', keys: 'g n', phone: true },
  { href: '/deploys', label: 'Deploys', icon: 'deploy', keys: 'g d', phone: true },
  { href: '/alerts', label: 'Alerts', icon: 'bell', keys: 'g a', phone: true },
  { href: '/metrics-explorer', label: 'Metrics', icon: 'table', keys: 'g m', phone: false },
  { href: '/incidents', label: 'Incidents', icon: 'flag', keys: 'g i', phone: false },
  { href: '/budget', label: 'Budget', icon: 'coins', keys: 'g b', phone: true },
  { href: '/config', label: 'Config', icon: 'toggle', keys: 'g c', phone: false },
  { href: '/settings', label: 'Settings', icon: 'sliders', keys: 'g s', phone: false },
];

/** How the entry of `href` stands to the page that is shown: it is that page, holds it, or neither. */
export function currentOf(href: string, here: string): 'page' | 'true' | undefined {
  if (here === href) return 'page';
  return href !== '/' && here.startsWith(`${href}/`) ? 'true' : undefined;
}
