/**
 * The short flash of a cell whose price changed, in the color of the direction.
 *
 * An animation of the browser, not a class: it costs no layout, ends by itself and is replaced
 * by the next one. Off when the reader prefers reduced motion.
 */
import type { Attachment } from 'svelte/attachments';

const FLASH_MS = 320;

/** Flashes the element whenever the value that `read` gives changes; not on the first one. */
export function flashOnChange(read: () => number | undefined): Attachment<HTMLElement> {
  let before: number | undefined;
  let isKnown = false;
  return (element) => {
    const value = read();
    const wasKnown = isKnown;
    const earlier = before;
    before = value;
    isKnown = value !== undefined;
    if (!wasKnown || value === undefined || earlier === undefined || value === earlier) return;
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const color = value > earlier ? 'var(--up)' : 'var(--down)';
    element.animate(
      [
        { backgroundColor: `color-mix(in srgb, ${color} 32%, transparent)` },
        { backgroundColor: 'transparent' },
      ],
      { duration: FLASH_MS, easing: 'ease-out' },
    );
  };
}
