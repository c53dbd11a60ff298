/** The reader's choices, kept in this browser. */
import type { ZoneChoice } from '../format/time.ts';

/** All choices; the values here are the first ones. */
export interface Choices {
  theme: 'dark' | 'light' | 'system';
  palette: 'teal-red' | 'blue-orange';
  /** Rising prices in the second color of the pair, as is usual in East Asia. */
  isInverted: boolean;
  zone: ZoneChoice;
  /** Show an order once more before it is sent. */
  reviewsOrders: boolean;
  hasSingleKeys: boolean;
}

const FIRST: Choices = {
  theme: 'dark',
  palette: 'teal-red',
  isInverted: false,
  zone: 'exchange',
  reviewsOrders: false,
  hasSingleKeys: true,
};

const STORAGE_KEY = 'rialto.settings.1';

/** The choices as reactive fields; `save` keeps them. */
export class Settings {
  readonly choices: Choices = $state({ ...FIRST, ...readStored() });
  #prefersLight: boolean = $state(false);

  constructor() {
    const query = matchMedia('(prefers-color-scheme: light)');
    this.#prefersLight = query.matches;
    query.addEventListener('change', (event) => {
      this.#prefersLight = event.matches;
    });
  }

  /** The theme to paint. */
  get theme(): 'dark' | 'light' {
    if (this.choices.theme !== 'system') return this.choices.theme;
    return this.#prefersLight ? 'light' : 'dark';
  }

  /** Puts the choices on the document (for the tokens) and keeps them. Call inside an effect. */
  apply(root: HTMLElement): void {
    root.dataset['theme'] = this.theme;
    root.dataset['palette'] = this.choices.palette;
    root.dataset['inverted'] = String(this.choices.isInverted);
    try {
      localStorage.setItem(STORAGE_KEY, JSON.stringify(this.choices));
    } catch {
      // Storage is full or forbidden: the choices then last as long as the page.
    }
  }
}

/** Stored choices whose values are still of the right kind. */
function readStored(): Partial<Choices> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '{}');
    if (typeof stored !== 'object' || stored === null) return {};
    const kept = Object.entries(stored).filter(
      ([name, value]) =>
        Object.hasOwn(ALLOWED, name) && ALLOWED[name as keyof Choices].includes(value),
    );
    return Object.fromEntries(kept);
  } catch {
    return {};
  }
}

const ALLOWED: Readonly<Record<keyof Choices, readonly unknown[]>> = {
  theme: ['dark', 'light', 'system'],
  palette: ['teal-red', 'blue-orange'],
  isInverted: [true, false],
  zone: ['exchange', 'local', 'utc'],
  reviewsOrders: [true, false],
  hasSingleKeys: [true, false],
};
