import { h } from '../shell/dom';
import type { Disposable } from '../shell/disposable';
import { CanvasRenderer } from './canvasRenderer';
import type { Frame } from './frame';
import type { PointSet } from './pointSet';
import type { RendererChoice } from './props';
import type { PointRenderer } from './renderer';
import { WebglRenderer } from './webglRenderer';

/**
 * Holds the renderer that draws now. When the graphics context is lost (the driver restarts, too many panels are open) the Canvas2D renderer
 * takes over at once, and WebGL comes back when its context does.
 */
export class Stage implements Disposable {
  private renderer: PointRenderer | undefined;
  private choice: RendererChoice = 'auto';

  constructor(
    private readonly host: HTMLElement,
    private readonly points: PointSet,
    /** The renderer has changed; everything must be drawn anew. */
    private readonly onChange: (kind: 'webgl' | 'canvas') => void,
  ) {}

  get kind(): 'webgl' | 'canvas' | undefined {
    return this.renderer?.kind;
  }

  choose(choice: RendererChoice): void {
    if (this.renderer && choice === this.choice) return;
    this.choice = choice;
    this.use((choice === 'auto' ? this.makeWebgl() : undefined) ?? makeCanvas());
  }

  dress(): void {
    this.renderer?.dress(this.points);
  }

  reorder(): void {
    this.renderer?.reorder(this.points);
  }

  move(): void {
    this.renderer?.move(this.points);
  }

  draw(frame: Frame): void {
    this.renderer?.draw(this.points, frame);
  }

  dispose(): void {
    this.choice = 'canvas';
    this.renderer?.dispose();
    this.renderer?.canvas.remove();
    this.renderer = undefined;
  }

  private makeWebgl(): PointRenderer | undefined {
    const canvas = newCanvas();
    canvas.addEventListener('webglcontextlost', (event) => {
      event.preventDefault();
      if (this.renderer?.canvas === canvas) this.use(makeCanvas());
    });
    canvas.addEventListener('webglcontextrestored', () => {
      if (this.choice === 'auto') this.use(WebglRenderer.create(canvas));
    });
    return WebglRenderer.create(canvas);
  }

  private use(renderer: PointRenderer | undefined): void {
    if (!renderer) return;
    this.renderer?.canvas.remove();
    this.renderer = renderer;
    this.host.prepend(renderer.canvas);
    this.host.dataset['renderer'] = renderer.kind;
    renderer.dress(this.points);
    renderer.move(this.points);
    this.onChange(renderer.kind);
  }
}

function makeCanvas(): PointRenderer | undefined {
  return CanvasRenderer.create(newCanvas());
}

function newCanvas(): HTMLCanvasElement {
  return h('canvas', { class: 'map-canvas', aria: { hidden: 'true' } });
}
