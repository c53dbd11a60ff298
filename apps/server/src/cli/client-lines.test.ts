import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { clientLines } from './client-lines.ts';

test('the README shows the lines that the terminal prints', () => {
  const readme = readFileSync(new URL('../../../../README.md', import.meta.url), 'utf8');
  for (const lines of Object.values(clientLines('http://127.0.0.1:8080'))) {
    expect(readme).toContain(`\`\`\`js\n${lines.join('\n')}\n\`\`\``);
  }
});
