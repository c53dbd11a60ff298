/**
 * The style of STYLE.md as tests: what a linter for one file at a time can't see.
 * Each test collects all its findings and shows them at once.
 */
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listFiles, readFiles, repositoryRoot } from './source-files.ts';

const isCode = (path: string): boolean =>
  /\.(ts|mjs|svelte)$/.test(path) && !path.endsWith('.d.ts');
const isTest = (path: string): boolean => /\.(test|contract)\.ts$|\/testing\//.test(path);
const isProduct = (path: string): boolean =>
  /^(packages|apps)\/.*\/src\//.test(path) && isCode(path) && !isTest(path);

/** Words of other trades for things the glossary names, as parts of identifiers. */
const BANNED_WORDS = ['candle', 'kline', 'cancelled', 'tickerSymbol', 'Manager', 'Helper', 'Util'];

const BANNED_FILES = /(^|\/)(utils?|helpers?|manager|service|misc|common|types|index)\.ts$/;

describe('the repository keeps its style', () => {
  it('keeps files within 400 lines (800 for tests)', () => {
    const long = readFiles((path) => isCode(path))
      .filter(({ path }) => !path.includes('us-equities-data'))
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
      .filter(({ path, lines }) => lines > (isTest(path) || !isProduct(path) ? 800 : 400));
    expect(long).toEqual([]);
  });

  it('names files by what they hold', () => {
    expect(listFiles((path) => isCode(path) && BANNED_FILES.test(path))).toEqual([]);
  });

  it('speaks the words of the glossary', () => {
    const found = readFiles(isProduct).flatMap(({ path, text }) =>
      BANNED_WORDS.filter((word) =>
        new RegExp(`\\b\\w*${word}\\w*\\b`).test(withoutStrings(text)),
      ).map((word) => `${path}: ${word}`),
    );
    expect(found).toEqual([]);
  });

  it('leaves nothing open in comments', () => {
    const found = readFiles(isCode)
      .filter(({ path }) => !path.startsWith('tools/tidy/'))
      .filter(({ text }) => /\b(TODO|FIXME|XXX|HACK)\b/.test(text));
    expect(found.map(({ path }) => path)).toEqual([]);
  });

  it('reads the environment in one place', () => {
    const found = readFiles(
      (path) => path.startsWith('apps/server/src/') && isProduct(path),
    ).filter(
      ({ path, text }) => /process\.env\b/.test(text) && !path.endsWith('config/read-env.ts'),
    );
    expect(found.map(({ path }) => path)).toEqual([]);
  });

  it('explains the reading order of every folder of the product', () => {
    const folders = new Set(
      listFiles((path) => isProduct(path) && path.endsWith('.ts')).map((path) => dirname(path)),
    );
    const missing = [...folders].filter(
      (folder) => !folder.endsWith('/src') && !existsSync(`${repositoryRoot}${folder}/README.md`),
    );
    expect(missing).toEqual([]);
  });

  it('names only paths that exist in its documents', () => {
    const broken = readFiles(
      (path) => path.endsWith('.md') && !path.startsWith('docs/notes/'),
    ).flatMap(({ path, text }) =>
      namedPaths(text)
        .filter((named) => !existsSync(`${repositoryRoot}${named}`))
        .filter((named) => !existsSync(`${repositoryRoot}${dirname(path)}/${named}`))
        .map((named) => `${path}: ${named}`),
    );
    expect(broken).toEqual([]);
  });

  it('lists every decision record in the index', () => {
    const index = readFiles((path) => path === 'docs/adr/README.md')[0]?.text ?? '';
    const missing = listFiles((path) => /^docs\/adr\/\d{4}-.*\.md$/.test(path)).filter(
      (path) => !index.includes(path.slice('docs/adr/'.length)),
    );
    expect(missing).toEqual([]);
  });
});

function withoutStrings(text: string): string {
  return text
    .replace(/'(?:[^'\\\n]|\\.)*'/g, "''")
    .replace(/`(?:[^`\\]|\\.)*`/g, '``')
    .replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
}

/** Repository paths in code spans and relative links: must look like a file or folder of ours. */
function namedPaths(markdown: string): string[] {
  const spans = [
    ...markdown.matchAll(
      /`((?:packages|apps|docs|tools|bench|proofs|datasets|examples|deploy)\/[\w./-]+)`/g,
    ),
  ];
  const links = [...markdown.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)];
  return [...spans, ...links].map((match) => match[1] ?? '').filter((path) => path !== '');
}
