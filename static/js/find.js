/* "/" goes to the search field; arrows walk through the hits, Escape leaves them. */
const field = () => document.querySelector('.quickfind input[type=search]');
const hits = (scope) => [...scope.querySelectorAll('.found a')];

const step = (scope, input, by) => {
  const all = hits(scope), place = all.indexOf(document.activeElement) + by;
  if (place < 0) input.focus(); else all[Math.min(place, all.length - 1)]?.focus();
};

document.addEventListener('keydown', (e) => {
  if (e.key === '/' && !e.ctrlKey && !e.metaKey && !e.target.closest('input, textarea, select, [contenteditable], dialog[open]')) {
    const input = [...document.querySelectorAll('[data-find] input[type=search]')].find((one) => one.checkVisibility());
    if (input) { e.preventDefault(); input.focus(); input.select(); }
    return;
  }
  const scope = e.target.closest?.('[data-find]'), input = scope?.querySelector('input[type=search]');
  if (!scope) return;
  if (e.key === 'ArrowDown') step(scope, input, 1);
  else if (e.key === 'ArrowUp') step(scope, input, -1);
  else if (e.key === 'Escape' && scope.matches('.quickfind')) { input.value = ''; scope.querySelector('#found').replaceChildren(); input.focus(); }
  else return;
  e.preventDefault();
});

/* The hits under the top bar leave with the focus, and return with it. */
document.addEventListener('focusin', (e) => {
  const found = document.getElementById('found');
  if (found && field()) found.hidden = !e.target.closest('.quickfind');
});
document.addEventListener('click', (e) => {
  const found = document.getElementById('found');
  if (found && !e.target.closest('.quickfind')) found.hidden = true;
});
