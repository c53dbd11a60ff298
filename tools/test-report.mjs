// A vitest reporter that keeps what `npm test` says last: counts, and what was skipped and why.
// A test says why it is skipped with `context.skip('reason')`, a whole suite in its name.
import { writeFileSync } from 'node:fs';
import process from 'node:process';

/** Writes `{passed, failed, skipped: [{name, reason}]}` to the file RIALTO_TEST_REPORT names. */
export default class TestReport {
  onTestRunEnd(modules, errors) {
    const report = { passed: 0, failed: errors.length, skipped: [] };
    for (const module of modules) {
      if (module.errors().length > 0) report.failed += 1;
      for (const test of module.children.allTests()) count(report, module, test);
    }
    writeFileSync(process.env.RIALTO_TEST_REPORT, JSON.stringify(report));
  }
}

function count(report, module, test) {
  const { state, note } = test.result();
  if (state === 'passed') report.passed += 1;
  else if (state === 'failed') report.failed += 1;
  else report.skipped.push({ name: `${module.relativeModuleId}: ${test.fullName}`, reason: note });
}
