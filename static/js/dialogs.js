/* Dialogs, drawers and menus.
   data-open="id"        opens a dialog that is in the page
   hx-target="#dialog"   opens what the server answers; without scripts the same link is a page
   data-close            closes the dialog around it
   HX-Trigger: {"dialog:close": true} closes them all. Focus returns to what opened the dialog. */
const openers = new WeakMap();

const open = (dialog, opener) => {
  if (dialog.open) return;
  openers.set(dialog, opener);
  if (dialog.matches('.drawer')) dialog.show(); else dialog.showModal();
};

document.addEventListener('click', (e) => {
  document.querySelectorAll('details.menu[open]').forEach((menu) => { if (!menu.contains(e.target)) menu.open = false; });
  const opener = e.target.closest('[data-open]');
  if (opener) { e.preventDefault(); open(document.getElementById(opener.dataset.open), opener); }
  const closer = e.target.closest('[data-close]'), dialog = closer?.closest('dialog');
  if (dialog) { e.preventDefault(); dialog.close(); }
  if (e.target.matches('dialog.dialog')) e.target.close(); /* the scrim */
});

document.addEventListener('keydown', (e) => {
  if (e.key !== 'Escape') return;
  const menu = e.target.closest?.('details.menu[open]');
  if (menu) { menu.open = false; menu.querySelector('summary').focus(); return; }
  document.querySelector('dialog.drawer[open]')?.close();
});

/* "close" does not bubble, hence the capture. */
document.addEventListener('close', (e) => {
  if (!(e.target instanceof HTMLDialogElement)) return;
  const opener = openers.get(e.target);
  if (opener?.isConnected) opener.focus();
  if (e.target.matches('[data-loaded]')) e.target.replaceChildren();
}, true);

document.body.addEventListener('htmx:afterSwap', (e) => {
  const dialog = e.detail.target;
  if (dialog instanceof HTMLDialogElement && dialog.hasChildNodes()) open(dialog, e.detail.requestConfig.elt);
});
document.body.addEventListener('dialog:close', () => document.querySelectorAll('dialog[open]').forEach((d) => d.close()));

/* A link of a page to one of its dialogs: #id. */
const named = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
if (named instanceof HTMLDialogElement) open(named, null);
