/* Trees: a twist folds its branch; arrows move and fold. */
const steps = (tree) => [...tree.querySelectorAll('a.name, label.name input')].filter((one) => one.checkVisibility());

document.addEventListener('click', (e) => {
  const twist = e.target.closest('.twist[aria-expanded]');
  if (!twist) return;
  const open = twist.getAttribute('aria-expanded') !== 'true', branch = twist.closest('li').querySelector(':scope > ul');
  twist.setAttribute('aria-expanded', open);
  if (branch) branch.hidden = !open;
});

document.addEventListener('keydown', (e) => {
  const tree = e.target.closest?.('.tree'), node = e.target.closest?.('.node');
  if (!tree || !/^(Arrow|Home$|End$)/.test(e.key)) return;
  const all = steps(tree), place = all.findIndex((one) => node?.contains(one));
  const twist = node?.querySelector('.twist[aria-expanded]'), isOpen = twist?.getAttribute('aria-expanded') === 'true';
  if (e.key === 'ArrowDown') all[place + 1]?.focus();
  else if (e.key === 'ArrowUp') all[place - 1]?.focus();
  else if (e.key === 'Home') all[0]?.focus();
  else if (e.key === 'End') all.at(-1)?.focus();
  else if (twist && isOpen !== (e.key === 'ArrowRight')) twist.click();
  else if (e.key === 'ArrowLeft') node?.closest('ul').closest('li')?.querySelector('a.name, label.name input')?.focus();
  else all[place + 1]?.focus();
  e.preventDefault();
});

/* What is chosen while the answer to a search is on its way stays chosen in it. */
let ticked = [];
document.body.addEventListener('htmx:beforeSwap', (e) => {
  if (e.detail.target.matches('.picktree')) ticked = [...e.detail.target.querySelectorAll('input:checked')];
});
document.body.addEventListener('htmx:load', (e) => {
  if (!e.detail.elt.matches?.('.picktree')) return;
  for (const { name, value } of ticked) {
    const same = e.detail.elt.querySelector(`input[name="${name}"][value="${value}"]:not(:disabled)`);
    if (same) same.checked = true;
  }
  ticked = [];
});
