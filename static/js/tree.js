/* The department tree: loading what is opened, remembering it, keeping the current one marked.
   Without this file every twist is a link that opens the department on the server. */
(() => {
  const COOKIE = 'tree_open', KEPT = 50;
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
    document.cookie = `${COOKIE}=${ids.slice(-KEPT).join('.')}; path=/; max-age=31536000; samesite=lax`;
  };

  const load = (twist, item) => {
    const list = document.createElement('ul'), waiting = document.createElement('li'), spin = document.createElement('span');
    waiting.className = 'loading'; spin.className = 'spin';
    waiting.append(spin, tree().dataset.loading);
    list.append(waiting); item.append(list);
    const url = tree().dataset.children.replace('/0/', `/${idOf(twist)}/`);
    window.htmx.ajax('GET', `${url}?to=${encodeURIComponent(tree().dataset.to)}`, { target: list, swap: 'innerHTML', select: 'unset' })
      .catch(() => list.remove());
  };

  /* console.js, which is loaded before, has turned the twist already. */
  document.addEventListener('click', (event) => {
    const twist = event.target.closest('.tree .twist[href]');
    if (!twist || !window.htmx) return;
    event.preventDefault();
    const item = twist.closest('li'), open = twist.getAttribute('aria-expanded') === 'true';
    if (open && !item.querySelector(':scope > ul')) load(twist, item);
    if (!('found' in tree().dataset)) remember(idOf(twist), open);
  });

  const mark = (path) => {
    tree()?.querySelectorAll('a.name').forEach((link) => {
      if (link.getAttribute('href') === path) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
    });
  };
  document.addEventListener('htmx:afterSwap', (event) => {
    if (!event.detail.requestConfig?.elt?.closest?.('.tree a.name')) return;
    mark(event.detail.pathInfo.requestPath);
    const rail = document.getElementById('rail');
    if (rail?.matches(':popover-open')) rail.hidePopover();
  });

  tree()?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
})();
