/**
 * `dataset.json`: what a data set is. Two forms: beside the CSV files it says what they must
 * hold (`DataSetManifest`), beside a packed tape what was imported (`DataSetFacts`).
 */
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';

/** Names are directory names, tape ids and parts of URLs. */
export const DATASET_NAME_PATTERN: RegExp = /^[a-z0-9][a-z0-9-]{0,62}$/;

const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });
const Counts = Type.Record(Type.String(), Type.Integer({ minimum: 0 }));
const Common = {
  format: Type.Literal(1),
  name: Type.String({ pattern: DATASET_NAME_PATTERN.source }),
  title: Type.String({ minLength: 1, maxLength: 200 }),
  /** RFC 3339: first and last row. */
  from: Type.String(),
  to: Type.String(),
  /** Rows per symbol. */
  trades: Counts,
  quotes: Counts,
  source: Type.Optional(Type.String({ maxLength: 1_000 })),
  license: Type.Optional(Type.String({ maxLength: 200 })),
};

const Manifest = Type.Object(
  { ...Common, files: Type.Record(Type.String(), Sha256) },
  { additionalProperties: false },
);

const Facts = Type.Object(
  {
    ...Common,
    instruments: Type.Array(
      Type.Object(
        { symbol: Type.String(), name: Type.String(), exchange: Type.String() },
        { additionalProperties: false },
      ),
    ),
    /** SHA-256 of the packed tape: names the data in every venue that plays it. */
    tape_sha256: Sha256,
  },
  { additionalProperties: false },
);

/** What a directory of CSV files says it holds; `files` maps a file name to its SHA-256. */
export type DataSetManifest = Static<typeof Manifest>;

/** An imported data set. */
export type DataSetFacts = Static<typeof Facts>;

const manifestCheck = Compile(Manifest);
const factsCheck = Compile(Facts);

/** `undefined` when the text is no manifest. */
export function parseManifest(text: string): DataSetManifest | undefined {
  const value = parseJson(text);
  return manifestCheck.Check(value) ? value : undefined;
}

/** `undefined` when the text does not describe an imported data set. */
export function parseFacts(text: string): DataSetFacts | undefined {
  const value = parseJson(text);
  return factsCheck.Check(value) ? value : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
