import { run } from './suite/runner';
import './index';

declare function test(name: string, body: () => Promise<void>): void;

// Desktop VS Code runs the suite through Mocha, as one of its tests; the suite prints its own.
test('Kindred in VS Code', run);
