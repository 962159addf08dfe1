import type { IconName } from '../ui/icon.tsx';

/** The pages that exist; rail and bottom bar show these and no others. A page below one of them is part of it. */
export const PAGES: readonly { href: string; label: string; icon: IconName; keys: string }[] = [
  { href: '/', label: 'Now', icon: 'pulse', keys: 'g n' },
  { href: '/deploys', label: 'Deploys', icon: 'deploy', keys: 'g d' },
  { href: '/alerts', label: 'Alerts', icon: 'bell', keys: 'g a' },
  { href: '/metrics-explorer', label: 'Metrics', icon: 'table', keys: 'g m' },
  { href: '/config', label: 'Config', icon: 'toggle', keys: 'g c' },
  { href: '/settings', label: 'Settings', icon: 'sliders', keys: 'g s' },
];

/** How the entry of `href` stands to the page that is shown: it is that page, holds it, or neither. */
export function currentOf(href: string, here: string): 'page' | 'true' | undefined {
  if (here === href) return 'page';
  return href !== '/' && here.startsWith(`${href}/`) ? 'true' : undefined;
}
