/** Finds a Chromium for the tests, or has playwright-core fetch one where there is a network. */
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { node, run } from './setup.mjs';

const PLACES = [
  process.env.CHROME_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** The last two give WebGL2 in software; the others keep the browser off the network. */
export const CHROMIUM_FLAGS = [
  ...['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
];

/** @returns {Promise<string | undefined>} path of the program */
export async function findChromium() {
  const installed = PLACES.find((place) => place !== undefined && existsSync(place));
  if (installed !== undefined) return installed;
  const own = chromium.executablePath();
  if (existsSync(own)) return own;
  await run(...node('node_modules/playwright-core/cli.js', 'install', 'chromium'));
  return existsSync(own) ? own : undefined;
}
