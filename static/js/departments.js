/* The department tree: loading what is opened, remembering it, keeping the current one marked, moving
   by drag and drop. trees.js, imported before, has folded the branch already. Without scripts every
   twist is a link that opens the department on the server. */
const COOKIE = 'tree_open', KEPT = 50, YEAR = 31536000;
const tree = () => document.getElementById('tree');
const idOf = (part) => part.closest('.node').dataset.node;

const remembered = () => {
  const found = document.cookie.split('; ').find((part) => part.startsWith(`${COOKIE}=`));
  if (found) return found.slice(COOKIE.length + 1).split('.').filter(Boolean);
  return [...tree().querySelectorAll('.twist[aria-expanded="true"]')].map(idOf);
};
const remember = (id, open) => {
  const ids = remembered().filter((other) => other !== id);
  if (open) ids.push(id);
  document.cookie = `${COOKIE}=${ids.slice(-KEPT).join('.')}; path=/; max-age=${YEAR}; samesite=lax`;
};

const load = (twist) => {
  const all = twist.closest('.tree'), list = document.createElement('ul'), waiting = document.createElement('li'), spin = document.createElement('span');
  waiting.className = 'loading'; spin.className = 'spin';
  waiting.append(spin, all.dataset.loading);
  list.append(waiting); twist.closest('li').append(list);
  htmx.ajax('GET', all.dataset.children.replace('/0/', `/${idOf(twist)}/`), { source: twist, target: list, swap: 'innerHTML', select: 'unset' })
    .then(() => { if (list.contains(waiting)) { list.remove(); twist.setAttribute('aria-expanded', false); } });
};

document.addEventListener('click', (e) => {
  const twist = e.target.closest('.tree[data-children] .twist[aria-expanded]');
  if (!twist) return;
  e.preventDefault();
  const open = twist.getAttribute('aria-expanded') === 'true';
  if (open && !twist.closest('li').querySelector(':scope > ul')) load(twist);
  if (tree()?.contains(twist) && !('found' in tree().dataset)) remember(idOf(twist), open);
});

/* A link of the tree changes the sheet only; the mark follows it, and the rail of a phone closes. */
document.addEventListener('htmx:afterSwap', (e) => {
  const link = e.detail.requestConfig?.elt;
  if (!link?.matches?.('#tree a.name') || e.detail.target.matches('dialog')) return;
  tree().querySelectorAll('[aria-current]').forEach((one) => one.removeAttribute('aria-current'));
  link.setAttribute('aria-current', 'true');
  const rail = document.getElementById('rail');
  if (rail.matches(':popover-open')) rail.hidePopover();
});

/* Leaving an edit in place shows the page as it is, like every change does. */
document.addEventListener('click', (e) => {
  const cancel = e.target.closest('.inline-edit [data-cancel]');
  if (!cancel) return;
  e.preventDefault();
  htmx.trigger(document.body, cancel.dataset.cancel || 'departments-changed');
});
document.addEventListener('keydown', (e) => {
  if (e.key === 'Escape') e.target.closest?.('.inline-edit')?.querySelector('[data-cancel]').click();
});

/* F2 renames the department that has the focus, Delete asks before it goes. */
document.addEventListener('keydown', (e) => {
  const link = e.target.closest?.('#tree a.name'), url = { F2: tree()?.dataset.edit, Delete: tree()?.dataset.remove }[e.key];
  if (!link || !url) return;
  e.preventDefault();
  htmx.ajax('GET', url.replace('/0/', `/${idOf(link)}/`), { source: link, target: '#dialog', swap: 'innerHTML', select: 'unset' });
});

/* Dragging: the upper and lower quarter of a row mean beside it, its middle means into it. */
let dragged = null;
const ZONES = { left: 'is-before', right: 'is-after', 'last-child': 'is-into' };
const zoneOf = (row, y) => {
  const { top, height } = row.getBoundingClientRect(), share = (y - top) / height;
  if (!row.closest('ul').closest('li')) return 'last-child'; /* beside the top there is nothing */
  return share < .25 ? 'left' : share > .75 ? 'right' : 'last-child';
};
const unmark = () => tree()?.querySelectorAll('.is-before, .is-after, .is-into').forEach((row) => row.classList.remove(...Object.values(ZONES)));
const rowAt = (e) => {
  const row = dragged && e.target.closest?.('#tree[data-drop] .node');
  return row && !dragged.closest('li').contains(row) ? row : null;
};

document.addEventListener('dragstart', (e) => {
  const row = e.target.closest?.('#tree[data-drop] .node');
  if (!row) return;
  dragged = row;
  row.classList.add('is-dragged');
  e.dataTransfer.effectAllowed = 'move';
});
document.addEventListener('dragover', (e) => {
  const row = rowAt(e);
  unmark();
  if (!row) return;
  e.preventDefault();
  row.classList.add(ZONES[zoneOf(row, e.clientY)]);
});
document.addEventListener('drop', (e) => {
  const row = rowAt(e);
  if (!row) return;
  e.preventDefault();
  const asked = new URLSearchParams({ target: row.dataset.node, position: zoneOf(row, e.clientY) });
  htmx.ajax('POST', `${tree().dataset.drop.replace('/0/', `/${dragged.dataset.node}/`)}?${asked}`, { source: row, swap: 'none' });
});
document.addEventListener('dragend', () => {
  unmark();
  dragged?.classList.remove('is-dragged');
  dragged = null;
});

tree()?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
