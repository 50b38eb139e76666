/**
 * Points as round sprites. World coordinates are turned and seen in perspective (on a flat map neither changes them), and come to the clip
 * space by `scale` and `offset`. What is far is smaller, and nearer to the background's colour by `haze`.
 */
export const VERTEX_SHADER = `#version 300 es
layout(location = 0) in vec3 position;
layout(location = 1) in vec4 colour;
layout(location = 2) in float standing;
uniform mat3 turn;
uniform float nearness;
uniform float ball;
uniform float fade;
uniform vec2 scale;
uniform vec2 offset;
uniform float radius;
uniform float opacity;
uniform float dimOpacity;
uniform float maxSize;
out vec3 fill;
out float alpha;
out float size;
out float selected;
out float haze;

void main() {
  bool dim = standing < 0.5;
  selected = step(1.5, standing);
  vec3 place = turn * position;
  float near = 1.0 / (1.0 - place.z * nearness);
  float far = clamp(0.5 - 0.5 * place.z / ball, 0.0, 1.0);
  float scaled = radius * near * (dim ? 0.85 : mix(1.0, 1.3, selected));
  size = min(2.0 * scaled + 2.0, maxSize);
  fill = colour.rgb;
  alpha = dim ? dimOpacity : mix(opacity, 1.0, selected);
  haze = fade * far * far * mix(1.0, 0.3, selected);
  gl_PointSize = size;
  gl_Position = vec4(place.xy * near * scale + offset, 0.0, 1.0);
}`;

/** A disc with a soft edge; a rim towards the background keeps overlapping points apart, a ring marks the selected ones. */
export const FRAGMENT_SHADER = `#version 300 es
precision mediump float;
in vec3 fill;
in float alpha;
in float size;
in float selected;
in float haze;
uniform vec3 ring;
uniform vec3 background;
uniform float pixelRatio;
out vec4 result;

void main() {
  float edge = size * 0.5 - 1.0;
  float distance = length(gl_PointCoord - 0.5) * size;
  float cover = clamp(edge - distance + 0.5, 0.0, 1.0);
  if (cover <= 0.0) discard;
  float rim = smoothstep(edge - 1.5 * pixelRatio, edge - 0.5 * pixelRatio, distance);
  float wide = step(2.5 * pixelRatio, edge);
  vec3 shade = mix(fill, mix(background, ring, selected), rim * mix(0.45 * wide, 1.0, selected));
  float opaque = cover * alpha;
  result = vec4(mix(shade, background, haze) * opaque, opaque);
}`;
