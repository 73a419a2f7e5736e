/* [data-copy="id"] copies the text of what has the id, and says so: data-copied. */
const show = (root) => root.querySelectorAll('[data-copy]').forEach((button) => { button.hidden = false; });

/* The clipboard's own interface is there on HTTPS and on this machine only. */
const copy = async (text) => {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = Object.assign(document.createElement('textarea'), { value: text });
  (document.querySelector('dialog[open]') ?? document.body).append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
};

document.addEventListener('click', async (e) => {
  const button = e.target.closest('[data-copy]');
  if (!button) return;
  await copy(document.getElementById(button.dataset.copy).textContent.trim());
  button.querySelector('span').textContent = button.dataset.copied;
});
show(document);
document.body.addEventListener('htmx:load', (e) => show(e.detail.elt));
