/**
 * What is told to the reader, by eye and by screen reader: fills and refusals, nothing else.
 *
 * One text at a time; the newest stays for a few seconds. `key` changes with every text, so
 * the same words twice are two pieces of news.
 */
const SHOWN_MS = 7_000;

/** A piece of news. */
export interface NewsItem {
  readonly key: number;
  readonly kind: 'fill' | 'refusal';
  readonly text: string;
}

/** The newest piece of news, while it is new. */
export class News {
  item: NewsItem | undefined = $state.raw();
  #count = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  tell(kind: NewsItem['kind'], text: string): void {
    this.#count += 1;
    this.item = { key: this.#count, kind, text };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.dismiss(), SHOWN_MS);
  }

  dismiss(): void {
    this.item = undefined;
  }
}
