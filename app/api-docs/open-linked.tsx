'use client';

import { useEffect } from 'react';

/** Opens the call that the address names behind `#`. */
export function OpenLinked() {
  useEffect(() => {
    const open = () => {
      const linked = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (linked instanceof HTMLDetailsElement) linked.open = true;
      linked?.scrollIntoView();
    };
    open();
    addEventListener('hashchange', open);
    return () => removeEventListener('hashchange', open);
  }, []);
  return null;
}
