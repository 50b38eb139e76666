import type { Colour } from '../shell/theme';
import type { Frame } from './frame';
import type { PointSet } from './pointSet';
import { fitCanvas, type PointRenderer } from './renderer';
import { FRAGMENT_SHADER, VERTEX_SHADER } from './shaders';

const UNIFORMS = [
  'turn',
  'nearness',
  'ball',
  'fade',
  'scale',
  'offset',
  'radius',
  'opacity',
  'dimOpacity',
  'maxSize',
  'ring',
  'background',
  'pixelRatio',
] as const;
type UniformName = (typeof UNIFORMS)[number];

/** All points in one draw call; positions, colours and standings are in buffers that are only sent when they change. */
export class WebglRenderer implements PointRenderer {
  readonly kind = 'webgl';
  private readonly program: WebGLProgram;
  private readonly locations: Readonly<Record<UniformName, WebGLUniformLocation | null>>;
  private readonly positions: WebGLBuffer;
  private readonly colours: WebGLBuffer;
  private readonly standings: WebGLBuffer;
  private readonly order: WebGLBuffer;
  private readonly maxSize: number;
  private count = -1;
  private dims = 2;

  /** @returns `undefined` when the browser has no WebGL2 or will not give it */
  static create(canvas: HTMLCanvasElement): WebglRenderer | undefined {
    const gl = canvas.getContext('webgl2', { alpha: true, antialias: false, depth: false, premultipliedAlpha: true });
    if (!gl || gl.isContextLost()) return undefined;
    try {
      return new WebglRenderer(canvas, gl);
    } catch {
      return undefined;
    }
  }

  private constructor(
    readonly canvas: HTMLCanvasElement,
    private readonly gl: WebGL2RenderingContext,
  ) {
    this.program = link(gl);
    this.locations = Object.fromEntries(
      UNIFORMS.map((name) => [name, gl.getUniformLocation(this.program, name)]),
    ) as Record<UniformName, WebGLUniformLocation | null>;
    this.maxSize = (gl.getParameter(gl.ALIASED_POINT_SIZE_RANGE) as Float32Array)[1];
    gl.bindVertexArray(gl.createVertexArray());
    this.positions = attribute(gl, 0, 2, gl.FLOAT, false);
    this.colours = attribute(gl, 1, 4, gl.UNSIGNED_BYTE, true);
    this.standings = attribute(gl, 2, 1, gl.UNSIGNED_BYTE, false);
    this.order = gl.createBuffer();
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.order);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.useProgram(this.program);
  }

  dress(points: PointSet): void {
    this.send(this.colours, points.colours, points.count, false);
    this.send(this.standings, points.standings, points.count, false);
    this.reorder(points);
  }

  reorder(points: PointSet): void {
    this.gl.bufferData(this.gl.ELEMENT_ARRAY_BUFFER, points.order, this.gl.STATIC_DRAW);
  }

  move(points: PointSet): void {
    const { gl } = this;
    this.send(this.positions, points.world, points.count, points.count === this.count && points.dims === this.dims);
    gl.vertexAttribPointer(0, points.dims, gl.FLOAT, false, 0, 0);
    this.count = points.count;
    this.dims = points.dims;
  }

  draw(points: PointSet, frame: Frame): void {
    const { gl, locations } = this;
    fitCanvas(this.canvas, frame);
    gl.viewport(0, 0, this.canvas.width, this.canvas.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    if (points.count === 0 || points.count !== this.count) return;
    const { camera } = points;
    gl.uniformMatrix3fv(locations.turn, false, camera.matrix);
    gl.uniform1f(locations.nearness, camera.nearness);
    gl.uniform1f(locations.ball, camera.radius);
    gl.uniform1f(locations.fade, points.dims === 3 ? frame.depthFade : 0);
    gl.uniform2f(locations.scale, (2 * frame.scale) / frame.width, (-2 * frame.scale) / frame.height);
    gl.uniform2f(locations.offset, (2 * frame.offsetX) / frame.width - 1, 1 - (2 * frame.offsetY) / frame.height);
    gl.uniform1f(locations.radius, frame.radius * frame.pixelRatio);
    gl.uniform1f(locations.opacity, frame.opacity);
    gl.uniform1f(locations.dimOpacity, frame.dimOpacity);
    gl.uniform1f(locations.maxSize, this.maxSize);
    gl.uniform1f(locations.pixelRatio, frame.pixelRatio);
    this.colour(locations.ring, frame.ring);
    this.colour(locations.background, frame.background);
    gl.drawElements(gl.POINTS, points.count, gl.UNSIGNED_INT, 0);
  }

  dispose(): void {
    const { gl } = this;
    for (const buffer of [this.positions, this.colours, this.standings, this.order]) gl.deleteBuffer(buffer);
    gl.deleteProgram(this.program);
  }

  private colour(location: WebGLUniformLocation | null, colour: Colour): void {
    this.gl.uniform3f(location, colour.r / 255, colour.g / 255, colour.b / 255);
  }

  /** Writes into the buffer as it is when `reuse`, which spares the driver a new one in every frame of a movement. */
  private send(buffer: WebGLBuffer, data: Float32Array | Uint8Array, count: number, reuse: boolean): void {
    const { gl } = this;
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    if (reuse && count > 0) gl.bufferSubData(gl.ARRAY_BUFFER, 0, data);
    else gl.bufferData(gl.ARRAY_BUFFER, data, gl.DYNAMIC_DRAW);
  }
}

function attribute(gl: WebGL2RenderingContext, index: number, size: number, type: number, unit: boolean): WebGLBuffer {
  const buffer = gl.createBuffer();
  gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
  gl.enableVertexAttribArray(index);
  gl.vertexAttribPointer(index, size, type, unit, 0, 0);
  return buffer;
}

function link(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram();
  gl.attachShader(program, compile(gl, gl.VERTEX_SHADER, VERTEX_SHADER));
  gl.attachShader(program, compile(gl, gl.FRAGMENT_SHADER, FRAGMENT_SHADER));
  gl.linkProgram(program);
  if (gl.getProgramParameter(program, gl.LINK_STATUS) !== true) throw new Error(gl.getProgramInfoLog(program) ?? '');
  return program;
}

function compile(gl: WebGL2RenderingContext, type: number, source: string): WebGLShader {
  const shader = gl.createShader(type);
  if (!shader) throw new Error('The WebGL context is lost.');
  gl.shaderSource(shader, source);
  gl.compileShader(shader);
  if (gl.getShaderParameter(shader, gl.COMPILE_STATUS) !== true) throw new Error(gl.getShaderInfoLog(shader) ?? '');
  return shader;
}
