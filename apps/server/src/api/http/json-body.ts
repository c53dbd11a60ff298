/**
 * Strict JSON bodies: UTF-8, at most 32 levels deep, no key twice in an object, no `__proto__`.
 *
 * One pass over the text looks at brackets and keys before `JSON.parse` sees it, because a
 * megabyte of brackets blocks `JSON.parse` for seconds, and because it silently keeps the last
 * of two equal keys. The pass only needs to be right on valid JSON: `JSON.parse` refuses the rest.
 */
import { isUtf8 } from 'node:buffer';

/** Deepest nesting of a body. */
const DEPTH_MAX = 32;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** Keys that change what an object is when it is copied carelessly. */
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor']);

export type ParsedBody = { readonly ok: true; readonly value: unknown } | { readonly ok: false };

const REFUSED: ParsedBody = { ok: false };
const EMPTY: ParsedBody = { ok: true, value: undefined };

/** Reads a body. An empty one is `undefined`: some clients announce JSON and send nothing. */
export function parseJsonBody(bytes: Buffer): ParsedBody {
  if (bytes.length === 0) return EMPTY;
  if (!isUtf8(bytes)) return REFUSED;
  const text = bytes.toString('utf8');
  if (!isPlain(text)) return REFUSED;
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return REFUSED;
  }
}

/** Whether the text nests at most DEPTH_MAX deep and no object has a key twice or a bad one. */
function isPlain(text: string): boolean {
  const keys: Set<string>[] = [];
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) {
      const end = endOfString(text, i);
      if (end < 0) return false;
      if (followsColon(text, end) && !addKey((keys[depth] ??= new Set()), text, i, end)) {
        return false;
      }
      i = end;
    } else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      if (++depth > DEPTH_MAX) return false;
      keys[depth]?.clear();
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      depth--;
    }
  }
  return true;
}

/** Index of the closing quote of the string that opens at `start`; -1 when it never closes. */
function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === BACKSLASH) i++;
    else if (code === QUOTE) return i;
  }
  return -1;
}

function followsColon(text: string, end: number): boolean {
  let i = end + 1;
  while (isBlank(text.charCodeAt(i))) i++;
  return text.charCodeAt(i) === COLON;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

/** Adds the key between the quotes; false when it is there already or forbidden. */
function addKey(keys: Set<string>, text: string, start: number, end: number): boolean {
  const raw = text.slice(start + 1, end);
  const key = raw.includes('\\') ? unescaped(raw) : raw;
  if (key === undefined || FORBIDDEN_KEYS.has(key) || keys.has(key)) return false;
  keys.add(key);
  return true;
}

function unescaped(raw: string): string | undefined {
  try {
    return String(JSON.parse(`"${raw}"`));
  } catch {
    return undefined;
  }
}
