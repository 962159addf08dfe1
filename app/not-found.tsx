import type { Metadata } from 'next';
import { PlainPage } from '@/components/layout/plain-page.tsx';
import { buttonLook } from '@/components/ui/button.tsx';

export const metadata: Metadata = { title: 'No such page' };

/** Our own page for a wrong address: the framework's default one needs inline styles, which our CSP forbids. */
export default function NotFound() {
  return (
    <PlainPage
      title="There is no page at this address."
      detail="The link may be cut short, or older than this version."
    >
      <a href="/" className={buttonLook({ look: 'primary' })}>
        Open Now
      </a>
    </PlainPage>
  );
}
