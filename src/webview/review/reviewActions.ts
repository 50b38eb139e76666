import type { ReviewAction } from './keymap';
import type { ReviewModel } from './reviewModel';
import { openKeyHelp } from './dialog';

/** The part of the stage that keys act on. */
export interface StageActions {
  zoom(direction: -1 | 0 | 1): void;
  toggleDifference(): void;
  blink(on: boolean): void;
}

export function runAction(
  action: ReviewAction,
  model: ReviewModel,
  stage: StageActions,
  outside: { readonly open: (item: number) => void },
): void {
  if (model.done && actsOnCase(action)) return;
  switch (action.kind) {
    case 'zoom':
      stage.zoom(action.direction);
      break;
    case 'difference':
      stage.toggleDifference();
      break;
    case 'blink':
      stage.blink(true);
      break;
    case 'open':
      if (model.focusedItem !== undefined) outside.open(model.focusedItem);
      break;
    case 'help':
      openKeyHelp();
      break;
    case 'reset':
      if (!model.resetDraft()) stage.zoom(0);
      break;
    case 'step':
      model.step(action.offset);
      break;
    case 'first':
      model.step(-model.listed.length);
      break;
    case 'last':
      model.step(model.listed.length);
      break;
    case 'next-undecided':
      model.skip();
      break;
    case 'focus':
      model.focus(model.focused + action.offset);
      break;
    default:
      decide(action, model);
  }
}

function decide(action: ReviewAction, model: ReviewModel): void {
  switch (action.kind) {
    case 'keep-only':
      model.keepOnly(action.member);
      break;
    case 'toggle':
      model.toggle(action.member);
      break;
    case 'toggle-focused':
      model.toggle(model.focused);
      break;
    case 'accept':
      model.accept();
      break;
    case 'keep-all':
      model.keepAll();
      break;
    case 'apart':
      model.notDuplicates();
      break;
    case 'undo':
      void model.undo();
  }
}

/** Whether an action is about the case on the screen; none is there when all are reviewed. */
function actsOnCase({ kind }: ReviewAction): boolean {
  return [
    'keep-only',
    'toggle',
    'toggle-focused',
    'accept',
    'keep-all',
    'apart',
    'focus',
    'zoom',
    'difference',
    'open',
  ].includes(kind);
}
