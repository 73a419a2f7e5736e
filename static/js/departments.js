/* The department tree: loading what is opened, remembering it, keeping the current one marked.
   trees.js, imported before, has folded the branch already. Without scripts every twist is a link
   that opens the department on the server. */
const COOKIE = 'tree_open', KEPT = 50, YEAR = 31536000;
const tree = () => document.querySelector('ul.tree#tree');
const idOf = (twist) => twist.closest('.node').dataset.node;

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
  const list = document.createElement('ul'), waiting = document.createElement('li'), spin = document.createElement('span');
  waiting.className = 'loading'; spin.className = 'spin';
  waiting.append(spin, tree().dataset.loading);
  list.append(waiting); twist.closest('li').append(list);
  const url = tree().dataset.children.replace('/0/', `/${idOf(twist)}/`);
  htmx.ajax('GET', `${url}?to=${encodeURIComponent(tree().dataset.to)}`, { source: twist, target: list, swap: 'innerHTML', select: 'unset' })
    .then(() => { if (list.contains(waiting)) { list.remove(); twist.setAttribute('aria-expanded', false); } });
};

document.addEventListener('click', (e) => {
  const twist = e.target.closest('#tree .twist[href]');
  if (!twist) return;
  e.preventDefault();
  const open = twist.getAttribute('aria-expanded') === 'true';
  if (open && !twist.closest('li').querySelector(':scope > ul')) load(twist);
  if (!('found' in tree().dataset)) remember(idOf(twist), open);
});

/* A link of the tree changes the sheet only; the mark follows it, and the rail of a phone closes. */
document.addEventListener('htmx:afterSwap', (e) => {
  const link = e.detail.requestConfig?.elt;
  if (!link?.matches?.('#tree a.name')) return;
  tree().querySelectorAll('[aria-current]').forEach((one) => one.removeAttribute('aria-current'));
  link.setAttribute('aria-current', 'true');
  const rail = document.getElementById('rail');
  if (rail.matches(':popover-open')) rail.hidePopover();
});

tree()?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
