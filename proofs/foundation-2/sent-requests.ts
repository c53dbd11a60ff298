/** Counts what an SDK really sends: every HTTP request and socket of this process. */
import { subscribe } from 'node:diagnostics_channel';

/** Paths with query of the requests since the last `take`. */
export class SentRequests {
  private paths: string[] = [];

  constructor() {
    const note = (message: unknown): void => {
      const { request } = message as { readonly request: { readonly path: string } };
      this.paths.push(request.path);
    };
    subscribe('http.client.request.start', note);
    subscribe('undici:request:create', note);
  }

  /** The paths so far; counting starts again. */
  take(): readonly string[] {
    const taken = this.paths;
    this.paths = [];
    return taken;
  }

  /** How many of the paths so far match. */
  count(pattern: RegExp): number {
    return this.paths.filter((path) => pattern.test(path)).length;
  }
}
