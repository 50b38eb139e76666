import { createHash } from 'node:crypto';

/** Sorts a table by the column whose heading is pressed; without it the tables stay as they are. */
const SCRIPT = `
for (const button of document.querySelectorAll('th button')) {
  button.addEventListener('click', () => {
    const heading = button.closest('th');
    const table = heading.closest('table');
    const rising = heading.getAttribute('aria-sort') === 'ascending' ? -1 : heading.hasAttribute('aria-sort') ? 1 : Number(heading.dataset.first);
    for (const other of table.querySelectorAll('th[aria-sort]')) other.removeAttribute('aria-sort');
    heading.setAttribute('aria-sort', rising > 0 ? 'ascending' : 'descending');
    const column = heading.cellIndex;
    const valueOf = (row) => row.cells[column].dataset.value ?? row.cells[column].textContent;
    const compare = heading.classList.contains('n') ? (a, b) => a - b : (a, b) => a.localeCompare(b, undefined, { numeric: true });
    const body = table.tBodies[0];
    body.append(...[...body.rows].sort((a, b) => rising * compare(valueOf(a), valueOf(b))));
  });
}
`;

/** The policy allows this text and no other, to the space. */
export const SCRIPT_ELEMENT = `<script>${SCRIPT}</script>`;

/** Nothing may be loaded from anywhere, and no script may run but the one above. */
export const POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  'img-src data:',
  `script-src 'sha256-${createHash('sha256').update(SCRIPT).digest('base64')}'`,
].join('; ');
