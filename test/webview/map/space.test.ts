import sharp from 'sharp';
import { expect, it, describe } from 'vitest';
import { fromRanges, type Ranges } from '../../../src/webview/explore/ranges';
import { HOME, type Turn } from '../../../src/webview/map/turn';
import { explorePages, plain, settled } from '../explore/openExplore';
import { seriousViolations } from '../harness/accessibility';
import type { PanelOptions, PanelUnderTest } from '../harness/harness';
import { shoot } from '../harness/shots';

const SEED = 42;
const projection = { kind: 'umap', neighbours: 15, minDist: 0.1, seed: SEED, dims: 3 };
const pages = explorePages();
let panel: PanelUnderTest;

async function open({ state, ...options }: PanelOptions = {}): Promise<void> {
  panel = await pages.open({ state: { ...plain, projection, legendOpen: false, ...(state as object) }, ...options });
  await settled(panel);
  await panel.frame.waitForTimeout(150);
}

interface View {
  readonly x: number;
  readonly y: number;
  readonly k: number;
  readonly turn: Turn;
}

async function view(): Promise<View> {
  await panel.page.waitForTimeout(400); // The panel keeps its state a moment after a change.
  return (await panel.state())['view'] as View;
}

async function drag(from: readonly [number, number], to: readonly [number, number], button?: 'middle'): Promise<void> {
  const { mouse } = panel.page;
  await mouse.move(...from);
  await mouse.down({ button: button ?? 'left' });
  await mouse.move(...to, { steps: 6 });
  await mouse.up({ button: button ?? 'left' });
  await panel.frame.waitForTimeout(100);
}

async function look(item: number): Promise<void> {
  await panel.page.evaluate((wanted) => window.harness.call('panel.select', { item: wanted }), item);
  await expect.poll(lastLooked).toBe(item);
}

/** The item that was looked at last, as the panel keeps it. */
async function lastLooked(): Promise<number | undefined> {
  return ((await panel.state())['history'] as { readonly items: readonly number[] }).items.at(-1);
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Where the item that is looked at is drawn, in pixels of the window. */
async function ring(): Promise<Place> {
  await panel.frame.waitForSelector('.map-ring-active.shown', { state: 'attached' });
  // What changed has been drawn in the second frame from now.
  await panel.frame.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
  return panel.frame.evaluate(() => {
    const box = document.querySelector('.map')!.getBoundingClientRect();
    const ring = document.querySelector('.map-ring-active')!;
    return { x: box.left + Number(ring.getAttribute('cx')), y: box.top + Number(ring.getAttribute('cy')) };
  });
}

/** The final positions, as the host makes them. */
async function positions(): Promise<number[]> {
  return panel.page.evaluate(
    (seed) => [...(window as unknown as { positionsAt: (...args: number[]) => Float32Array }).positionsAt(1, seed, 3)],
    SEED,
  );
}

/**
 * Where every item must be seen before moving and magnifying: about the middle of the bounding box, turned by the quaternion, from four
 * radii of the ball that holds all.
 */
function seen(all: readonly number[], [x, y, z, w]: Turn): (Place & { readonly depth: number })[] {
  const axes = [0, 1, 2].map((axis) => all.filter((_, i) => i % 3 === axis));
  const middle = axes.map((values) => (Math.min(...values) + Math.max(...values)) / 2);
  const places = axes[0].map((_, item) => axes.map((values, axis) => values[item] - middle[axis]));
  const radius = Math.max(...places.map((place) => Math.hypot(...place)));
  const rows = [
    [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
    [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
    [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
  ];
  return places.map((place) => {
    const [right, down, near] = rows.map((row) => row.reduce((sum, value, i) => sum + value * place[i], 0));
    const scale = (4 * radius) / (4 * radius - near);
    return { x: right * scale, y: down * scale, depth: near };
  });
}

/** The same in pixels of the window, by where two items are drawn. */
async function onScreen(turn: Turn): Promise<(Place & { readonly depth: number })[]> {
  const all = seen(await positions(), turn);
  const order = all.map((_, item) => item).sort((a, b) => all[a].x - all[b].x);
  const [a, b] = [order[0], order[order.length - 1]];
  await look(a);
  const left = await ring();
  await look(b);
  const right = await ring();
  const scale = (right.x - left.x) / (all[b].x - all[a].x);
  return all.map(({ x, y, depth }) => ({
    x: left.x + (x - all[a].x) * scale,
    y: left.y + (y - all[a].y) * scale,
    depth,
  }));
}

async function selectedItems(): Promise<number[]> {
  return fromRanges((await panel.state())['selection'] as Ranges);
}

describe('a map in space', () => {
  it.each(['auto', 'canvas'])(
    'is drawn where it must be after it was turned, and picked there (%s)',
    async (renderer) => {
      await open({ state: { renderer }, query: { perGroup: '6' } });
      expect(await panel.frame.getAttribute('.map', 'data-renderer')).toBe(renderer === 'auto' ? 'webgl' : 'canvas');
      const before = await view();
      await drag([300, 300], [520, 380]);
      const { turn } = await view();
      expect(turn).not.toEqual((before as Partial<View>).turn);
      const places = await onScreen(turn);
      for (let item = 0; item < places.length; item += 17) {
        await look(item);
        const at = await ring();
        expect(Math.hypot(at.x - places[item].x, at.y - places[item].y)).toBeLessThan(1.5);
      }
      // Of the points over a place the foremost is taken.
      const front = places
        .map((_, item) => item)
        .sort((a, b) => places[b].depth - places[a].depth)
        .slice(0, 3);
      for (const item of front) {
        await panel.page.keyboard.press('Escape');
        await panel.page.mouse.click(places[item].x, places[item].y);
        await expect.poll(lastLooked).toBe(item);
      }
    },
  );

  it('takes by the lasso what is seen inside of it', async () => {
    await open();
    await drag([600, 500], [400, 420]);
    const places = await onScreen((await view()).turn);
    const [left, top, right, bottom] = [300, 200, 560, 430];
    const { mouse, keyboard } = panel.page;
    await keyboard.down('Shift');
    await mouse.move(left, top);
    await mouse.down();
    for (const [x, y] of [
      [right, top],
      [right, bottom],
      [left, bottom],
      [left, top + 4],
    ] as const)
      await mouse.move(x, y, { steps: 3 });
    await mouse.up();
    await keyboard.up('Shift');
    await panel.frame.waitForSelector('.status-selected');
    await panel.page.waitForTimeout(400);
    const selected = new Set(await selectedItems());
    expect(selected.size).toBeGreaterThan(20);
    // Where the pointer's whole pixels leave it open, nothing is said.
    const margin = 2;
    places.forEach(({ x, y }, item) => {
      const inside = Math.min(x - left, right - x, y - top, bottom - y);
      if (Math.abs(inside) > margin) expect(selected.has(item)).toBe(inside > 0);
    });
  });

  it('looks the same with WebGL2 and without', async () => {
    const pictures: Buffer[] = [];
    for (const renderer of ['auto', 'canvas']) {
      await open({ state: { renderer, view: { x: 0, y: 0, k: 1, turn: [0.1, 0.5, -0.2, 0.836] } } });
      const clip = (await panel.frame.locator('.map').boundingBox())!;
      pictures.push(
        await sharp(await panel.page.screenshot({ clip }))
          .removeAlpha()
          .raw()
          .toBuffer(),
      );
    }
    const differing = pictures[0].reduce((sum, value, i) => sum + (Math.abs(value - pictures[1][i]) > 90 ? 1 : 0), 0);
    const background = pictures[0][0];
    const painted = pictures[0].reduce((sum, value) => sum + (Math.abs(value - background) > 40 ? 1 : 0), 0);
    expect(painted).toBeGreaterThan(10_000);
    expect(differing / painted).toBeLessThan(0.12);
  });

  it('turns by keyboard, moves with Shift or the middle button, and R shows the whole as at first', async () => {
    await open();
    await panel.frame.focus('.map');
    await panel.page.keyboard.press('r');
    const home = await view();
    expect(home).toMatchObject({ x: 0, y: 0, k: 1 });
    await panel.page.keyboard.press('ArrowRight');
    await panel.page.keyboard.press('ArrowUp');
    const turned = await view();
    expect(turned).toMatchObject({ x: 0, y: 0, k: 1 });
    expect(turned.turn).not.toEqual(home.turn);
    await panel.page.keyboard.press('Shift+ArrowRight');
    const moved = await view();
    expect(moved.x).toBeGreaterThan(0.05);
    expect(moved.turn).toEqual(turned.turn);
    await drag([400, 300], [450, 300], 'middle');
    const dragged = await view();
    expect(dragged.x).toBeLessThan(moved.x);
    expect(dragged.turn).toEqual(turned.turn);
    await panel.page.keyboard.press('r');
    expect(await view()).toEqual(home);
  });

  it('turns about what is in the middle while it is magnified', async () => {
    await open();
    await panel.frame.focus('.map');
    await panel.page.keyboard.press('Space');
    const before = await ring();
    await panel.page.mouse.move(before.x, before.y);
    await panel.page.mouse.wheel(0, -500);
    const magnified = await ring();
    expect(Math.hypot(magnified.x - before.x, magnified.y - before.y)).toBeLessThan(2);
    const { turn, k } = await view();
    expect(k).toBeGreaterThan(1.8);
    await drag([200, 200], [420, 330]);
    expect((await view()).turn).not.toEqual(turn);
    const after = await ring();
    expect(Math.hypot(after.x - before.x, after.y - before.y)).toBeLessThan(2);
  });

  it('turns about the point that is taken hold of while it is magnified', async () => {
    await open();
    await panel.frame.focus('.map');
    await panel.page.keyboard.press('Space');
    const before = await ring();
    await panel.page.mouse.move(before.x, before.y);
    await panel.page.mouse.wheel(0, -500);
    await panel.page.keyboard.press('Shift+ArrowRight');
    await panel.page.keyboard.press('Shift+ArrowDown');
    const at = await ring();
    expect(Math.hypot(at.x - before.x, at.y - before.y)).toBeGreaterThan(60);
    await panel.page.mouse.move(at.x + 2, at.y + 30);
    await panel.page.mouse.move(at.x, at.y);
    await panel.frame.waitForSelector('.map-ring-hover.shown', { state: 'attached' });
    await drag([at.x, at.y], [at.x + 90, at.y - 40]);
    const after = await ring();
    expect(Math.hypot(after.x - at.x, after.y - at.y)).toBeLessThan(2);
  });

  it('glides there when the person likes motion', async () => {
    await open({ motion: true });
    await panel.frame.focus('.map');
    await panel.page.keyboard.press('Space');
    await ring();
    await panel.frame.evaluate(() => {
      const ring = document.querySelector('.map-ring-active')!;
      const places = new Set<string>();
      Object.assign(window, { places });
      new MutationObserver(() => places.add(ring.getAttribute('cx')!)).observe(ring, { attributes: true });
    });
    await panel.page.keyboard.press('ArrowRight');
    await panel.frame.waitForTimeout(500);
    const places = await panel.frame.evaluate(() => (window as unknown as { places: Set<string> }).places.size);
    expect(places).toBeGreaterThan(1);
    // Back again, from a part of it, though both the turn and the place glide.
    const { x, y } = await ring();
    await panel.page.mouse.move(x, y);
    await panel.page.mouse.wheel(0, -500);
    await drag([200, 200], [420, 330]);
    await panel.page.keyboard.press('r');
    await panel.frame.waitForTimeout(600);
    const back = await view();
    expect(back).toMatchObject({ k: 1, turn: HOME });
    expect(Math.hypot(back.x, back.y)).toBeLessThan(1e-6);
  });

  it('comes back turned as it was after it was hidden', async () => {
    await open();
    await drag([300, 300], [470, 250]);
    await look(5);
    const [before, kept] = [await ring(), await view()];
    await panel.hideAndShow();
    await settled(panel);
    expect(await ring()).toEqual(before);
    await panel.frame.focus('.map');
    await panel.page.keyboard.press('Shift+ArrowLeft');
    expect((await view()).turn).toEqual(kept.turn);
  });

  it.each(['dark', 'light', 'high-contrast'] as const)('is accessible and keeps the CSP (%s)', async (theme) => {
    await open({ theme, state: { legendOpen: true, pictures: true } });
    await drag([300, 300], [470, 250]);
    await look(5);
    await ring();
    expect(await seriousViolations(panel.frame)).toEqual([]);
    expect(await panel.frame.getAttribute('.map', 'aria-label')).toContain('in space');
    await shoot(panel, `space-${theme}`);
  });
});
