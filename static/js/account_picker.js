/* Choosing members: what is ticked among those found becomes a chip, an unticked chip goes. */
const pickings = (e) => e.target.closest?.('[data-picking]');

const chosen = (picking) => [...picking.querySelectorAll('[data-chosen] input[type=checkbox]')].map((box) => box.value);

const choose = (picking, box) => {
  const row = box.closest('li'), text = (part) => row.querySelector(`[data-${part}]`)?.textContent ?? '';
  if (!chosen(picking).includes(box.value)) {
    const chip = picking.querySelector('template').content.firstElementChild.cloneNode(true);
    chip.title = text('address');
    chip.querySelector('input').value = box.value;
    chip.querySelector('span').textContent = text('name');
    chip.querySelector('small').textContent = text('department');
    picking.querySelector('[data-chosen] input[type=search]').before(chip);
  }
  row.remove();
  const search = picking.querySelector('input[type=search]');
  search.focus();
  search.select();
};

document.addEventListener('change', (e) => {
  const picking = pickings(e);
  if (!picking || !e.target.matches('input[type=checkbox]')) return;
  if (e.target.closest('[data-found]')) choose(picking, e.target);
  else if (!e.target.checked) {
    e.target.closest('.chip').remove();
    picking.querySelector('input[type=search]').focus();
  }
});

/* Who is chosen already is not offered again. */
document.body.addEventListener('htmx:afterSwap', (e) => {
  const picking = e.detail.target.closest?.('[data-picking]');
  if (!picking) return;
  const there = chosen(picking);
  picking.querySelectorAll('[data-found] input').forEach((box) => { if (there.includes(box.value)) box.closest('li').remove(); });
});
