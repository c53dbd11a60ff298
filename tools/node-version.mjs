// Ends the program with one clear line when this Node is too old. Imported before all else by
// the commands of this folder, because other modules use what old versions lack; so this file
// itself must be readable by them.
import process from 'node:process';

const OLDEST = [20, 19];

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
  const needed = OLDEST.join('.');
  process.stderr.write(
    `rialto: Node ${process.versions.node} is too old: install Node ${needed} or newer (https://nodejs.org)\n`,
  );
  process.exit(1);
}
