import type { IconName } from '../ui/icon.tsx';

/** The pages that exist; rail and bottom bar show these and no others. */
export const PAGES: readonly { href: string; label: string; icon: IconName; keys: string }[] = [
  { href: '/', label: 'Now', icon: 'pulse', keys: 'g n' },
  { href: '/alerts', label: 'Alerts', icon: 'bell', keys: 'g a' },
  { href: '/metrics-explorer', label: 'Metrics', icon: 'table', keys: 'g m' },
];
