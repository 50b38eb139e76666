import { FITTED, panBy, zoomAt, type Camera, type Size } from './camera';
import type { MemberCard } from './memberCard';

/** Wheel, drag and double click on any member move the camera of all. */
export function bindPointerCamera(card: MemberCard, read: () => Camera, write: (camera: Camera) => void): void {
  const { view } = card;
  const box = (): Size => ({ width: view.clientWidth, height: view.clientHeight });
  view.addEventListener(
    'wheel',
    (event) => {
      // A plain wheel over a fitted picture scrolls the page of many members; with Ctrl (and a pinch) it always zooms.
      const scrolls = scrollable(view) && !event.ctrlKey && read().scale === 1;
      if (scrolls) return;
      event.preventDefault();
      const bounds = view.getBoundingClientRect();
      const at = { x: event.clientX - bounds.left, y: event.clientY - bounds.top };
      write(zoomAt(read(), Math.exp(-wheelPixels(event) * 0.002), at, card.pictureSize, box()));
    },
    { passive: false },
  );
  view.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || read().scale === 1) return;
    view.setPointerCapture(event.pointerId);
    view.classList.add('member-panning');
  });
  view.addEventListener('pointermove', (event) => {
    if (!view.hasPointerCapture(event.pointerId)) return;
    write(panBy(read(), event.movementX, event.movementY, card.pictureSize, box()));
  });
  const end = (): void => view.classList.remove('member-panning');
  view.addEventListener('pointerup', end);
  view.addEventListener('pointercancel', end);
  view.addEventListener('dblclick', () => write(FITTED));
}

function wheelPixels(event: WheelEvent): number {
  return event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 30 : event.deltaY;
}

function scrollable(view: HTMLElement): boolean {
  const stage = view.closest('.stage');
  return stage !== null && stage.scrollHeight > stage.clientHeight + 1;
}
