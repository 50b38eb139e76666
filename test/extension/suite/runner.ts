interface Test {
  readonly name: string;
  readonly body: () => Promise<void> | void;
}

const tests: Test[] = [];
const LIMIT = 240_000;

/** Adds a test to the suite. Tests run in the order in which they were added. */
export function test(name: string, body: Test['body']): void {
  tests.push({ name, body });
}

/** Runs every test, prints each, and throws at the end when some failed. */
export async function run(): Promise<void> {
  let failed = 0;
  for (const { name, body } of tests) {
    const start = Date.now();
    try {
      await limited(body);
      console.log(`  ok   ${name} (${Date.now() - start} ms)`);
    } catch (error) {
      failed += 1;
      console.log(`  FAIL ${name}\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }
  console.log(`${tests.length - failed} of ${tests.length} tests in VS Code passed`);
  if (failed > 0) throw new Error(`${failed} of ${tests.length} tests in VS Code failed`);
}

async function limited(body: Test['body']): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Not done after ${LIMIT / 1000} s`)), LIMIT);
  });
  try {
    await Promise.race([body(), timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits until `holds` gives something, and gives it back. */
export async function eventually<T>(
  what: string,
  holds: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  const end = Date.now() + 60_000;
  while (Date.now() < end) {
    const value = await holds();
    if (value !== undefined && value !== false) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Still not: ${what}`);
}
