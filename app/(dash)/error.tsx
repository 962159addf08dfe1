'use client';

import ErrorPage from '../error.tsx';

/** In the frame, so that what it says above every page, such as that the store is away, stays. */
export default function DashErrorPage(
  props: Readonly<{ error: Error & { digest?: string }; reset: () => void }>,
) {
  return <ErrorPage {...props} />;
}
