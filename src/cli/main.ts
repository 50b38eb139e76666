/** The command line's entry: the same requests as the extension makes, in this process. */
import { run } from './program';

void run(process.argv.slice(2)).then((code) => {
  // What is still open (a worker thread that winds down) must not hold a script up; what is printed must get out first.
  process.exitCode = code;
  process.stdout.write('', () => process.exit(code));
});
