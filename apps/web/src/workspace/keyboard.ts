/**
 * The keyboard map of the workspace: which key means what, and its help page.
 *
 * Single keys work while no field is being typed into and can be switched off in the settings.
 * Keys that belong to one part (arrows in the chart, X on an order) are handled there and only
 * named here for the help page.
 */

/** What a key asks for. */
export type Action =
  | { readonly kind: 'side'; readonly side: 'buy' | 'sell' }
  | { readonly kind: 'timeframe'; readonly index: number }
  | { readonly kind: 'select'; readonly step: 1 | -1 }
  | { readonly kind: 'speed'; readonly step: 1 | -1 }
  | { readonly kind: 'filter' | 'pause' | 'cancel_all' | 'help' };

/** The parts of a key event that matter. */
export interface Key {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
}

const ACTIONS: Readonly<Record<string, Action>> = {
  b: { kind: 'side', side: 'buy' },
  s: { kind: 'side', side: 'sell' },
  '1': { kind: 'timeframe', index: 0 },
  '2': { kind: 'timeframe', index: 1 },
  '3': { kind: 'timeframe', index: 2 },
  '4': { kind: 'timeframe', index: 3 },
  '5': { kind: 'timeframe', index: 4 },
  arrowdown: { kind: 'select', step: 1 },
  arrowup: { kind: 'select', step: -1 },
  ']': { kind: 'speed', step: 1 },
  '[': { kind: 'speed', step: -1 },
  p: { kind: 'pause' },
  '/': { kind: 'filter' },
  '?': { kind: 'help' },
};

/** The action of a key, if it has one. Chords with Ctrl, Alt or Meta belong to the browser. */
export function actionOf(key: Key): Action | undefined {
  if (key.ctrlKey || key.altKey || key.metaKey) return undefined;
  const name = key.key.toLowerCase();
  if (name === 'x') return key.shiftKey ? { kind: 'cancel_all' } : undefined;
  return Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
}

/** The rows of the help page: keys and what they do. */
export const KEY_HELP: readonly (readonly [keys: string, meaning: string])[] = [
  ['B  S', 'Buy or sell: go to the order ticket'],
  ['Enter', 'In the ticket: send the order'],
  ['Esc', 'Close, or drop the review'],
  ['X', 'Cancel the order in the focused row'],
  ['Shift X', 'Cancel all orders (asks first)'],
  ['↑  ↓', 'Previous or next symbol'],
  ['/', 'Filter the watchlist'],
  ['1 … 5', 'Timeframe: 1m, 5m, 15m, 1h, 1D'],
  ['←  →', 'In the chart: walk from bar to bar'],
  ['+  −', 'In the chart: zoom'],
  ['P', 'Pause or resume the replay'],
  ['[  ]', 'Slower or faster'],
  ['?', 'This page'],
];
