import { run as runAll } from './suite/runner';
import './suite/commands';
import './suite/datasets';
import './suite/trainer';
import './suite/panels';
import './suite/training';

/** Called by VS Code in its extension host; throws when a test failed. */
export function run(): Promise<void> {
  return runAll();
}
