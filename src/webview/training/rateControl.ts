import { button, h, Popover, type Disposable } from '../shell';

const FACTORS = [0.1, 0.5, 1, 2] as const;
const [LOWEST, HIGHEST] = [0.001, 100];

/** A button that says by how much the schedule's learning rate is multiplied, and a small dialog that changes it. */
export class RateControl implements Disposable {
  readonly element = h('span', { class: 'rate-control' });
  readonly button: HTMLElement;
  /** The library makes any element in a button as small as an icon. */
  private readonly text = document.createTextNode('');
  private readonly popover: Popover;
  private readonly field: HTMLInputElement;
  private readonly problem = h('p', { class: 'field-problem', id: 'rate-problem', role: 'alert', hidden: true });

  constructor(private readonly onRate: (factor: number) => void) {
    this.button = button({
      label: '',
      icon: 'settings',
      tip: 'Change the learning rate from the next step on',
      onClick: () => this.popover.toggle(),
    });
    this.button.append(this.text);
    this.field = h('input', {
      id: 'rate-factor',
      attributes: { type: 'text', inputmode: 'decimal' },
      aria: { describedby: 'rate-help rate-problem' },
      on: { keydown: (event) => event.key === 'Enter' && this.set(Number(this.field.value)) },
    });
    const help =
      'From the next step on, the learning rate is the schedule’s times this. It is kept with the run, which can then no longer be repeated from its settings alone.';
    this.popover = new Popover(this.button, 'Learning rate', [
      h('h2', {}, 'Learning rate'),
      h('p', { class: 'muted', id: 'rate-help' }, help),
      h(
        'div',
        { class: 'rate-choices', role: 'group', aria: { label: 'Times the schedule' } },
        ...FACTORS.map((factor) => button({ label: `× ${factor}`, onClick: () => this.set(factor) })),
      ),
      h('label', { attributes: { for: 'rate-factor' } }, 'Another factor'),
      h(
        'div',
        { class: 'rate-own' },
        this.field,
        button({ label: 'Set', kind: 'primary', onClick: () => this.set(Number(this.field.value)) }),
      ),
      this.problem,
    ]);
    this.element.append(this.button);
  }

  update(shown: boolean, factor: number): void {
    this.element.hidden = !shown;
    if (!shown) this.popover.close(false);
    this.text.textContent = `Learning rate × ${factor}`;
  }

  dispose(): void {
    this.popover.dispose();
  }

  private set(factor: number): void {
    const isSound = factor >= LOWEST && factor <= HIGHEST;
    this.problem.hidden = isSound;
    this.field.setAttribute('aria-invalid', String(!isSound));
    this.problem.textContent = isSound ? '' : `Give a number from ${LOWEST} to ${HIGHEST}.`;
    if (!isSound) return;
    this.field.value = '';
    this.popover.close();
    this.onRate(factor);
  }
}
