import 'react';

declare module 'react' {
  interface CSSProperties {
    /** Custom properties may be set from a `style` prop. */
    [name: `--${string}`]: string | number | undefined;
  }
}
