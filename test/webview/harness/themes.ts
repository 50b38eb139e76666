/** Colour variables as VS Code's own themes give them to a webview: Dark Modern, Light Modern, and the two of high contrast. */
export type ThemeName = 'dark' | 'light' | 'high-contrast' | 'high-contrast-light';

type Variables = Readonly<Record<string, string>>;

export interface Theme {
  readonly bodyClass: string;
  readonly variables: Variables;
}

const COMMON: Variables = {
  'font-family': "'Segoe UI', 'Ubuntu', 'Droid Sans', sans-serif",
  'font-size': '13px',
  'font-weight': 'normal',
  'editor-font-family': "'Droid Sans Mono', monospace",
  'editor-font-size': '14px',
};

const DARK: Variables = {
  foreground: '#cccccc',
  descriptionForeground: '#9d9d9d',
  disabledForeground: 'rgba(204, 204, 204, 0.5)',
  errorForeground: '#f85149',
  'icon-foreground': '#cccccc',
  focusBorder: '#0078d4',
  'editor-background': '#1f1f1f',
  'editor-foreground': '#cccccc',
  'editorWidget-background': '#202020',
  'editorWidget-foreground': '#cccccc',
  'editorWidget-border': '#313131',
  'editorHoverWidget-background': '#202020',
  'editorHoverWidget-foreground': '#cccccc',
  'editorHoverWidget-border': '#454545',
  'editorWarning-foreground': '#cca700',
  'widget-shadow': 'rgba(0, 0, 0, 0.36)',
  'widget-border': '#313131',
  'sideBar-background': '#181818',
  'sideBarSectionHeader-foreground': '#cccccc',
  'panel-border': '#2b2b2b',
  'panelTitle-activeBorder': '#0078d4',
  'panelTitle-activeForeground': '#cccccc',
  'panelTitle-inactiveForeground': '#9d9d9d',
  'button-background': '#0078d4',
  'button-foreground': '#ffffff',
  'button-hoverBackground': '#026ec1',
  'button-border': 'rgba(255, 255, 255, 0.07)',
  'button-secondaryBackground': '#313131',
  'button-secondaryForeground': '#cccccc',
  'button-secondaryHoverBackground': '#3c3c3c',
  'input-background': '#313131',
  'input-foreground': '#cccccc',
  'input-placeholderForeground': '#989898',
  'inputOption-activeBackground': 'rgba(36, 137, 219, 0.51)',
  'inputOption-activeBorder': '#2488db',
  'settings-textInputBackground': '#313131',
  'settings-textInputForeground': '#cccccc',
  'settings-textInputBorder': '#3c3c3c',
  'dropdown-background': '#313131',
  'dropdown-foreground': '#cccccc',
  'dropdown-border': '#3c3c3c',
  'settings-dropdownListBorder': '#454545',
  'checkbox-background': '#313131',
  'checkbox-border': '#3c3c3c',
  'badge-background': '#616161',
  'badge-foreground': '#f8f8f8',
  'list-hoverBackground': '#2a2d2e',
  'list-activeSelectionBackground': '#04395e',
  'list-activeSelectionForeground': '#ffffff',
  'list-inactiveSelectionBackground': '#37373d',
  'progressBar-background': '#0078d4',
  'textLink-foreground': '#4daafc',
  'textLink-activeForeground': '#4daafc',
  'textCodeBlock-background': '#2b2b2b',
  'toolbar-hoverBackground': 'rgba(90, 93, 94, 0.31)',
  'toolbar-activeBackground': 'rgba(99, 102, 103, 0.31)',
  'scrollbarSlider-background': 'rgba(121, 121, 121, 0.4)',
  'scrollbarSlider-hoverBackground': 'rgba(100, 100, 100, 0.7)',
  'charts-red': '#f14c4c',
  'charts-blue': '#3794ff',
  'charts-green': '#89d185',
  'charts-yellow': '#cca700',
  'charts-orange': '#d18616',
  'charts-purple': '#b180d7',
};

const LIGHT: Variables = {
  ...DARK,
  foreground: '#3b3b3b',
  descriptionForeground: '#3b3b3b',
  disabledForeground: 'rgba(97, 97, 97, 0.5)',
  'icon-foreground': '#3b3b3b',
  focusBorder: '#005fb8',
  'editor-background': '#ffffff',
  'editor-foreground': '#3b3b3b',
  'editorWidget-background': '#f8f8f8',
  'editorWidget-foreground': '#3b3b3b',
  'editorWidget-border': '#c8c8c8',
  'editorHoverWidget-background': '#f8f8f8',
  'editorHoverWidget-foreground': '#3b3b3b',
  'editorHoverWidget-border': '#c8c8c8',
  'editorWarning-foreground': '#bf8803',
  'widget-shadow': 'rgba(0, 0, 0, 0.16)',
  'widget-border': '#e5e5e5',
  'sideBar-background': '#f8f8f8',
  'sideBarSectionHeader-foreground': '#3b3b3b',
  'panel-border': '#e5e5e5',
  'panelTitle-activeBorder': '#005fb8',
  'panelTitle-activeForeground': '#3b3b3b',
  'panelTitle-inactiveForeground': '#3b3b3b',
  'button-background': '#005fb8',
  'button-hoverBackground': '#0258a8',
  'button-border': 'rgba(0, 0, 0, 0.1)',
  'button-secondaryBackground': '#e5e5e5',
  'button-secondaryForeground': '#3b3b3b',
  'button-secondaryHoverBackground': '#cccccc',
  'input-background': '#ffffff',
  'input-foreground': '#3b3b3b',
  'input-placeholderForeground': '#767676',
  'inputOption-activeBackground': '#bed6ed',
  'inputOption-activeBorder': '#005fb8',
  'settings-textInputBackground': '#ffffff',
  'settings-textInputForeground': '#3b3b3b',
  'settings-textInputBorder': '#cecece',
  'dropdown-background': '#ffffff',
  'dropdown-foreground': '#3b3b3b',
  'dropdown-border': '#cecece',
  'settings-dropdownListBorder': '#cecece',
  'checkbox-background': '#f8f8f8',
  'checkbox-border': '#cecece',
  'badge-background': '#cccccc',
  'badge-foreground': '#3b3b3b',
  'list-hoverBackground': '#f2f2f2',
  'list-activeSelectionBackground': '#e8e8e8',
  'list-activeSelectionForeground': '#000000',
  'list-inactiveSelectionBackground': '#e4e6f1',
  'progressBar-background': '#005fb8',
  'textLink-foreground': '#005fb8',
  'textLink-activeForeground': '#005fb8',
  'textCodeBlock-background': '#f8f8f8',
  'toolbar-hoverBackground': 'rgba(184, 184, 184, 0.31)',
  'toolbar-activeBackground': 'rgba(166, 166, 166, 0.31)',
  'scrollbarSlider-background': 'rgba(100, 100, 100, 0.4)',
};

function highContrast(background: string, foreground: string, border: string, accent: string): Variables {
  const flat = Object.fromEntries(
    Object.keys(DARK)
      .filter((name) => /background$/i.test(name))
      .map((name) => [name, background]),
  );
  const text = Object.fromEntries(
    Object.keys(DARK)
      .filter((name) => /foreground$/i.test(name))
      .map((name) => [name, foreground]),
  );
  const lines = Object.fromEntries(
    Object.keys(DARK)
      .filter((name) => /border$/i.test(name))
      .map((name) => [name, border]),
  );
  return {
    ...DARK,
    ...flat,
    ...text,
    ...lines,
    contrastBorder: border,
    contrastActiveBorder: accent,
    focusBorder: accent,
    'textLink-foreground': background === '#000000' ? '#21a6ff' : '#0f4a85',
    'editorWarning-foreground': background === '#000000' ? '#ffd370' : '#895503',
    'progressBar-background': border,
  };
}

export const THEMES: Readonly<Record<ThemeName, Theme>> = {
  dark: { bodyClass: 'vscode-dark', variables: { ...COMMON, ...DARK } },
  light: { bodyClass: 'vscode-light', variables: { ...COMMON, ...LIGHT } },
  'high-contrast': {
    bodyClass: 'vscode-high-contrast',
    variables: { ...COMMON, ...highContrast('#000000', '#ffffff', '#6fc3df', '#f38518') },
  },
  'high-contrast-light': {
    bodyClass: 'vscode-high-contrast-light vscode-high-contrast',
    variables: { ...COMMON, ...highContrast('#ffffff', '#292929', '#0f4a85', '#006bbd') },
  },
};
