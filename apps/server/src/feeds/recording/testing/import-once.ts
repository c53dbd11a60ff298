/** A process that imports one data set: tests kill it. Arguments: library directory, CSV directory. */
import { CsvProblems } from '../csv-problems.ts';
import { DataSetLibrary } from '../dataset-library.ts';
import { requestDirectory } from '../import-request.ts';

const [directory = '', source = ''] = process.argv.slice(2);
const request = await requestDirectory(source, new CsvProblems(), 'killed');
if (request !== undefined) {
  await new DataSetLibrary({ directory, shipped: source }).import(request);
}
