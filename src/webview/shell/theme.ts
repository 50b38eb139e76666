import { color, rgb } from 'd3';
import type { Disposable } from './disposable';

/** Red, green, blue from 0 to 255, alpha from 0 to 1. */
export interface Colour {
  readonly r: number;
  readonly g: number;
  readonly b: number;
  readonly a: number;
}

export type ThemeKind = 'dark' | 'light' | 'high-contrast' | 'high-contrast-light';

/** The theme's colours for what CSS does not reach: canvas and WebGL. */
export interface ThemeColours {
  readonly kind: ThemeKind;
  /** Dark background, of the high-contrast kind or not. */
  readonly dark: boolean;
  readonly highContrast: boolean;
  readonly reducedMotion: boolean;
  readonly background: Colour;
  readonly foreground: Colour;
  /** Less important text. */
  readonly muted: Colour;
  readonly focus: Colour;
  readonly accent: Colour;
  readonly border: Colour;
  readonly error: Colour;
  readonly warning: Colour;
}

/** Reads the theme as it is now. */
export function themeColours(): ThemeColours {
  const style = getComputedStyle(document.documentElement);
  const kind = themeKind(document.body.classList);
  const dark = kind === 'dark' || kind === 'high-contrast';
  const read = (fallback: string, ...names: readonly string[]): Colour => readColour(style, names, fallback);
  const foreground = read(dark ? '#cccccc' : '#3b3b3b', '--vscode-foreground', '--vscode-editor-foreground');
  return {
    kind,
    dark,
    highContrast: kind.startsWith('high-contrast'),
    reducedMotion: prefersReducedMotion(),
    background: read(dark ? '#1f1f1f' : '#ffffff', '--vscode-editor-background'),
    foreground,
    muted: read(dark ? '#9d9d9d' : '#616161', '--vscode-descriptionForeground'),
    focus: read('#0078d4', '--vscode-focusBorder', '--vscode-contrastActiveBorder'),
    accent: read('#0078d4', '--vscode-button-background', '--vscode-focusBorder'),
    border: read(dark ? '#3c3c3c' : '#d4d4d4', '--vscode-contrastBorder', '--vscode-panel-border'),
    error: read('#f85149', '--vscode-errorForeground'),
    warning: read('#cca700', '--vscode-editorWarning-foreground'),
  };
}

/** Calls `listener` after every change of theme or of the wish for less motion. */
export function observeTheme(listener: (colours: ThemeColours) => void): Disposable {
  const tell = (): void => listener(themeColours());
  const observer = new MutationObserver(tell);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  const motion = window.matchMedia('(prefers-reduced-motion: reduce)');
  motion.addEventListener('change', tell);
  return {
    dispose: () => {
      observer.disconnect();
      motion.removeEventListener('change', tell);
    },
  };
}

/** VS Code marks the body when its own setting asks for less motion; the system may ask as well. */
export function prefersReducedMotion(): boolean {
  return (
    document.body.classList.contains('vscode-reduce-motion') ||
    window.matchMedia('(prefers-reduced-motion: reduce)').matches
  );
}

/** "rgba(12, 34, 56, 0.5)", for canvas. */
export function cssColour(colour: Colour, alpha = colour.a): string {
  return `rgba(${colour.r}, ${colour.g}, ${colour.b}, ${alpha})`;
}

export function parseColour(text: string): Colour | undefined {
  const parsed = color(text.trim());
  if (!parsed) return undefined;
  const { r, g, b, opacity } = rgb(parsed);
  return { r: Math.round(r), g: Math.round(g), b: Math.round(b), a: opacity };
}

function themeKind(classes: DOMTokenList): ThemeKind {
  if (classes.contains('vscode-high-contrast-light')) return 'high-contrast-light';
  if (classes.contains('vscode-high-contrast')) return 'high-contrast';
  return classes.contains('vscode-light') ? 'light' : 'dark';
}

function readColour(style: CSSStyleDeclaration, names: readonly string[], fallback: string): Colour {
  for (const name of names) {
    const colour = parseColour(style.getPropertyValue(name));
    if (colour) return colour;
  }
  return parseColour(fallback)!;
}
