import { clsx } from 'clsx';
import type { ComponentPropsWithRef } from 'react';

const LOOKS = {
  plain: 'border-line-strong bg-surface text-ink enabled:hover:bg-hover',
  primary: 'border-primary bg-primary text-on-primary',
  ghost: 'border-transparent text-ink-2 enabled:hover:bg-hover enabled:hover:text-ink',
} as const;

const SIZES = {
  normal: 'h-9 px-3 tablet:h-8',
  small: 'h-8 px-3 text-label tablet:h-6.5 tablet:px-2.25',
  icon: 'size-8 tablet:size-7',
} as const;

interface Look {
  look?: keyof typeof LOOKS;
  size?: keyof typeof SIZES;
}

/** Classes of a button, for a link that looks like one. */
export function buttonLook({ look = 'plain', size = 'normal' }: Look): string {
  return clsx(
    'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-control border font-medium whitespace-nowrap transition-colors duration-120 ease-out disabled:opacity-45',
    LOOKS[look],
    SIZES[size],
  );
}

/** A real button; says what it will do. 32 high, 26 in rows, larger on a phone. */
export function Button({
  look,
  size,
  className,
  type = 'button',
  ...rest
}: ComponentPropsWithRef<'button'> & Look) {
  const chosen = { ...(look && { look }), ...(size && { size }) };
  return <button type={type} className={clsx(buttonLook(chosen), className)} {...rest} />;
}
