/**
 * The one module that knows the component library (the VS Code webview toolkit, archived upstream): panels ask for a button and
 * get an element, so that another library can take its place here.
 */
import { endStyleProbe } from './styleProbe';
import {
  provideVSCodeDesignSystem,
  vsCodeBadge,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeProgressRing,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';
import { h, icon, replaceChildren, setAria } from './dom';

endStyleProbe();
provideVSCodeDesignSystem().register(
  vsCodeBadge(),
  vsCodeButton(),
  vsCodeCheckbox(),
  vsCodeDropdown(),
  vsCodeOption(),
  vsCodeProgressRing(),
  vsCodeTextField(),
);

/** What the library's elements add to an element, as far as it is used here. */
type Disableable = HTMLElement & { disabled: boolean };
type Valued = HTMLElement & { value: string };
type Checkable = HTMLElement & { checked: boolean };

export interface ButtonProps {
  readonly label: string;
  /** Name of a codicon. */
  readonly icon?: string;
  /** `icon` shows only the icon; its label becomes the tooltip and accessible name. */
  readonly kind?: 'primary' | 'secondary' | 'icon';
  /** Longer than the label; shown on hover, with the key that does the same. */
  readonly tip?: string;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}

export function button(props: ButtonProps): HTMLElement {
  const element = h('vscode-button', {
    attributes: {
      appearance: props.kind ?? 'secondary',
      title: props.tip ?? (props.kind === 'icon' ? props.label : ''),
    },
    ...(props.kind === 'icon' ? { aria: { label: props.label } } : {}),
    on: { click: () => (isDisabled(element) ? undefined : props.onClick()) },
  });
  if (props.kind === 'icon') element.append(icon(props.icon ?? 'circle'));
  else {
    if (props.icon !== undefined) {
      const start = icon(props.icon);
      start.slot = 'start';
      element.append(start);
    }
    element.append(props.label);
  }
  setDisabled(element, props.disabled ?? false);
  return element;
}

export function setDisabled(element: HTMLElement, disabled: boolean): void {
  (element as Disableable).disabled = disabled;
}

function isDisabled(element: HTMLElement): boolean {
  return (element as Disableable).disabled;
}

/** Says whether a button that stays pressed is pressed. */
export function setPressed(element: HTMLElement, pressed: boolean): void {
  setAria(element, { pressed: String(pressed) });
  element.classList.toggle('pressed', pressed);
}

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly disabled?: boolean;
}

export interface DropdownProps {
  readonly label: string;
  readonly choices: readonly Choice[];
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A dropdown whose accessible name is `label`. `setChoices` changes it later without an event. */
export function dropdown(props: DropdownProps): HTMLElement {
  const element = h('vscode-dropdown', {
    attributes: { title: props.label },
    aria: { label: props.label },
    on: { change: () => props.onChange((element as Valued).value) },
  });
  setChoices(element, props.choices, props.value);
  return element;
}

export function setChoices(element: HTMLElement, choices: readonly Choice[], value: string): void {
  replaceChildren(
    element,
    ...choices.map((choice) => {
      const attributes: Record<string, string> = { value: choice.value };
      if (choice.value === value) attributes['selected'] = '';
      if (choice.disabled === true) attributes['disabled'] = '';
      return h('vscode-option', { attributes }, choice.label);
    }),
  );
  setChoice(element, value);
}

/** The list takes its options over asynchronously, so the value is set again after it did. */
export function setChoice(element: HTMLElement, value: string): void {
  (element as Valued).value = value;
  queueMicrotask(() => ((element as Valued).value = value));
}

export interface TextFieldProps {
  readonly label: string;
  readonly placeholder?: string;
  readonly value?: string;
  /** Name of a codicon, shown before the text. */
  readonly icon?: string;
  readonly onInput?: (value: string) => void;
  readonly onChange?: (value: string) => void;
}

export function textField(props: TextFieldProps): HTMLElement {
  const element = h('vscode-text-field', {
    attributes: { placeholder: props.placeholder ?? '' },
    aria: { label: props.label },
    on: {
      input: () => props.onInput?.(fieldValue(element)),
      change: () => props.onChange?.(fieldValue(element)),
    },
  });
  if (props.icon !== undefined) {
    const start = icon(props.icon);
    start.slot = 'start';
    element.append(start);
  }
  setFieldValue(element, props.value ?? '');
  return element;
}

export function fieldValue(element: HTMLElement): string {
  return (element as Valued).value;
}

export function setFieldValue(element: HTMLElement, value: string): void {
  (element as Valued).value = value;
}

export interface CheckboxProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

export function checkbox(props: CheckboxProps): HTMLElement {
  const element = h(
    'vscode-checkbox',
    { on: { change: () => props.onChange((element as Checkable).checked) } },
    props.label,
  );
  (element as Checkable).checked = props.checked;
  return element;
}

export function badge(text: string): HTMLElement {
  return h('vscode-badge', {}, text);
}

/** A turning ring; what is being waited for must stand beside it in words. */
export function progressRing(): HTMLElement {
  return h('vscode-progress-ring', { aria: { hidden: 'true' } });
}
