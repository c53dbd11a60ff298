/** The operations of the running server, taken from its /openapi.json so that none is forgotten. */

/** What a case needs to know of the installation under test. */
export interface Target {
  readonly origin: string;
  readonly key: Readonly<Record<string, string>>;
  /** `rialto_session=…` of a signed-in browser. */
  readonly cookie: string;
  readonly venueId: string;
  /** An order that rests. */
  readonly orderId: string;
  readonly clientOrderId: string;
  /** The account's buying power, as its JSON says. */
  readonly buyingPower: string;
  readonly operations: readonly Operation[];
}

export interface Operation {
  readonly method: 'GET' | 'POST' | 'DELETE' | 'PATCH' | 'PUT';
  /** As documented, with `{blanks}`. */
  readonly template: string;
  readonly query: readonly string[];
  readonly hasBody: boolean;
}

interface Document {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          {
            readonly parameters?: readonly { readonly in: string; readonly name: string }[];
            readonly requestBody?: unknown;
          }
        >
      >
    >
  >;
}

/** Reads the document. */
export async function readOperations(origin: string): Promise<readonly Operation[]> {
  const response = await fetch(`${origin}/openapi.json`);
  const { paths } = (await response.json()) as Document;
  return Object.entries(paths).flatMap(([template, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]) => ({
      method: method.toUpperCase() as Operation['method'],
      template,
      query: parameters.filter((one) => one.in === 'query').map(({ name }) => name),
      hasBody: requestBody !== undefined,
    })),
  );
}

/** A blank of a path. */
export function blankOf(template: string): string | undefined {
  return /\{(\w+)\}/.exec(template)?.[1];
}

/** The path with its blank filled in, by default with something that exists. */
export function pathOf(template: string, target: Target, value?: string): string {
  const good: Readonly<Record<string, string>> = {
    order_id: target.orderId,
    symbol_or_asset_id: 'BAC',
    symbol: 'BAC',
    market: 'NYSE',
    id: target.venueId,
  };
  return template.replace(/\{(\w+)\}/, (_blank, name: string) => {
    const filled = value ?? good[name];
    if (filled === undefined) throw new Error(`nothing is known to fill {${name}} with`);
    return encodeURIComponent(filled);
  });
}

/** Query parameters without which a route refuses everything. */
export function requiredQuery({ template }: Operation): Readonly<Record<string, string>> {
  const bars = /^\/v2\/stocks\/(\{symbol\}\/)?bars$/.test(template) ? { timeframe: '1Min' } : {};
  const isMany = /^\/v\w+\/stocks\/(?!\{)/.test(template);
  return { ...bars, ...(isMany ? { symbols: 'BAC' } : {}) };
}

/** Routes that anyone may ask. */
export function isOpen({ template }: Operation): boolean {
  return ['/healthz', '/readyz', '/metrics'].includes(template);
}
