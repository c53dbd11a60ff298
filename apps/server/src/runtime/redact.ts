/**
 * Takes secrets out of a log line: the last thing before it is written.
 *
 * Works on the finished line, so it also sees error messages, stacks and nested fields. By key
 * (a field named like a secret) and by form (our own tokens, passwords in URLs, authorization
 * headers, bot tokens). All patterns are linear in the length of the line.
 */

const REDACTED = '[redacted]';

const SECRET_NAME =
  'secret|password|passwd|token|authorization|cookie|credentials?|private[_-]?key|api[_-]?key';

/** A JSON field with a text value. */
const FIELD = /"([^"\\]{1,64})":"((?:[^"\\]|\\.)*)"/g;
const SECRET_FIELD = new RegExp(SECRET_NAME, 'i');

/** Inside texts: what the whole is, and what stands for it. */
const FORMS: readonly (readonly [RegExp, string])[] = [
  // Credentials made here: apps/server/src/api/auth/credential-format.ts.
  [/\br(?:sk|st|sl)_[A-Za-z0-9]{20,200}/g, REDACTED],
  // A password in a URL.
  [/(:\/\/[^\s:@/"]{0,200}):[^\s@/"]{1,200}@/g, `$1:${REDACTED}@`],
  [/\b(bearer|basic) +[A-Za-z0-9+/=._~-]{6,}/gi, `$1 ${REDACTED}`],
  // A bot token as it stands in URLs.
  [/\d{6,20}:[A-Za-z0-9_-]{30,100}/g, REDACTED],
  // Query strings and JSON inside a text: name=value, \"name\":\"value\".
  [new RegExp(`\\b(${SECRET_NAME})=[^&\\s"\\\\]+`, 'gi'), `$1=${REDACTED}`],
  [new RegExp(`(${SECRET_NAME})(\\\\"\\s?:\\s?\\\\")[^"\\\\]+`, 'gi'), `$1$2${REDACTED}`],
];

/** The line without its secrets. */
export function redactLine(line: string): string {
  const fields = line.replace(FIELD, (field, name: string) =>
    SECRET_FIELD.test(name) ? `"${name}":"${REDACTED}"` : field,
  );
  return FORMS.reduce((text, [form, replacement]) => text.replace(form, replacement), fields);
}
