/* Row selection: the box in the head, the counter, and what acts on the selection.
   table[data-select]#id; [data-for="id"] is a button (disabled without a selection) or a counter (hidden, its <b> counts). */
const boxes = (table) => [...table.querySelectorAll('tbody input.tick')];

const sync = (table) => {
  const rows = boxes(table), chosen = rows.filter((row) => row.checked).length, head = table.querySelector('thead input.tick');
  if (head) {
    head.checked = chosen > 0 && chosen === rows.length;
    head.indeterminate = chosen > 0 && chosen < rows.length;
  }
  document.querySelectorAll(`[data-for="${table.id}"]`).forEach((part) => {
    if (part.matches('button')) { part.disabled = !chosen; return; }
    part.hidden = !chosen;
    const number = part.querySelector('b');
    if (number) number.textContent = chosen;
  });
};

document.addEventListener('change', (e) => {
  const table = e.target.closest('table[data-select]');
  if (!table || !e.target.matches('input.tick')) return;
  if (e.target.closest('thead')) boxes(table).forEach((box) => { box.checked = e.target.checked; });
  sync(table);
});

const init = () => document.querySelectorAll('table[data-select]').forEach(sync);
init();
document.body.addEventListener('htmx:afterSettle', init);
