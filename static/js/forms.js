/* Forms: focus on what went wrong, chips, drop zones, and fields that show only with another.
   [data-focus]            takes the focus after a page or a part has come
   [data-reveal]           shows the password beside it
   [data-type-to-enable="name"] enables the form's danger button once the name is typed
   [data-shown-by="field=value"] is shown while the field has the value (values joined by "|"; "=" alone: checked)
   [data-enter-stays]      does not send its form by Enter
   [data-bulk="all|none|invert"] ticks the boxes of the nearest [data-bulk-scope] */
const $$ = (selector, root) => [...root.querySelectorAll(selector)];

const valueOf = (form, name) => {
  const found = form.elements[name];
  return found instanceof HTMLInputElement && found.type === 'checkbox' ? (found.checked ? 'on' : '') : found?.value ?? '';
};
const refresh = (form) => $$('[data-shown-by]', form).forEach((part) => {
  const [name, wanted] = part.dataset.shownBy.split('=');
  const value = valueOf(form, name);
  part.hidden = wanted ? !wanted.split('|').includes(value) : !value;
});

const checkTyped = (input) => {
  const button = input.form.querySelector('.btn--danger-solid');
  if (button) button.disabled = input.value.trim() !== input.dataset.typeToEnable;
};

const init = (root) => {
  $$('form', root).concat(root.matches?.('form') ? [root] : []).forEach(refresh);
  $$('[data-type-to-enable]', root).forEach(checkTyped);
  $$('[data-reveal]', root).forEach((button) => { button.hidden = false; });
  $$('[data-indeterminate]', root).forEach((box) => { box.indeterminate = true; });
  root.querySelector('[data-focus]')?.focus();
};

/* A chip box is a text area of lines; with scripts each line is a chip. */
const chip = (box, text) => {
  const shown = box.querySelector('template').content.firstElementChild.cloneNode(true);
  shown.querySelector('span').textContent = text;
  const button = shown.querySelector('button');
  button.setAttribute('aria-label', `${button.getAttribute('aria-label')} ${text}`);
  return shown;
};
const lines = (box) => box.querySelector('textarea').value.split(/[\n,;，；]/).map((line) => line.trim()).filter(Boolean);
const keep = (box, texts) => {
  const area = box.querySelector('textarea');
  area.value = [...new Set(texts)].join('\n');
  $$('.chip', box).forEach((old) => old.remove());
  box.querySelector('input').before(...lines(box).map((text) => chip(box, text)));
  area.dispatchEvent(new Event('change', { bubbles: true }));
};
const take = (input) => {
  const box = input.closest('.chipbox');
  if (input.value.trim()) keep(box, [...lines(box), ...input.value.split(/[\n,;，；\s]+/).filter(Boolean)]);
  input.value = '';
};
const makeChips = (root) => $$('.chipbox[data-chips]:not(.is-live)', root).forEach((box) => {
  const area = box.querySelector('textarea'), input = box.querySelector('input');
  box.classList.add('is-live');
  input.hidden = false;
  for (const name of ['id', 'aria-describedby', 'aria-invalid']) { /* the label speaks of the input now */
    if (area.hasAttribute(name)) input.setAttribute(name, area.getAttribute(name));
    area.removeAttribute(name);
  }
  area.tabIndex = -1;
  keep(box, lines(box));
});

document.addEventListener('keydown', (e) => {
  if (e.key === 'Enter' && e.target.matches?.('[data-enter-stays]')) e.preventDefault();
  if (!e.target.matches?.('.chipbox[data-chips] input')) return;
  const box = e.target.closest('.chipbox');
  if (['Enter', ',', ';', '，', '；'].includes(e.key) && !e.isComposing) { e.preventDefault(); take(e.target); }
  if (e.key === 'Backspace' && !e.target.value) keep(box, lines(box).slice(0, -1));
});
document.addEventListener('focusout', (e) => { if (e.target.matches?.('.chipbox[data-chips] input')) take(e.target); });

document.addEventListener('click', (e) => {
  const remove = e.target.closest('.chipbox[data-chips] .chip button');
  if (remove) {
    const box = remove.closest('.chipbox'), gone = $$('.chip', box).indexOf(remove.closest('.chip'));
    keep(box, lines(box).filter((_, place) => place !== gone));
    box.querySelector('input').focus();
  }
  const reveal = e.target.closest('[data-reveal]');
  if (reveal) {
    const input = reveal.parentElement.querySelector('input'), shown = input.type === 'password';
    input.type = shown ? 'text' : 'password';
    reveal.setAttribute('aria-pressed', shown);
  }
  const bulk = e.target.closest('[data-bulk]');
  if (bulk) {
    const boxes = $$('input[type=checkbox]:not(:disabled)', bulk.closest('[data-bulk-scope]'));
    boxes.forEach((box) => { box.checked = bulk.dataset.bulk === 'invert' ? !box.checked : bulk.dataset.bulk === 'all'; });
    boxes[0]?.dispatchEvent(new Event('change', { bubbles: true }));
  }
});

document.addEventListener('input', (e) => { if (e.target.matches('[data-type-to-enable]')) checkTyped(e.target); });
document.addEventListener('change', (e) => {
  if (e.target.form) refresh(e.target.form);
  if (e.target.matches('.dropzone input[type=file]')) {
    const name = e.target.closest('.dropzone').querySelector('[data-file-name]');
    if (name && e.target.files.length) name.textContent = [...e.target.files].map((file) => file.name).join('、');
  }
});
for (const type of ['dragenter', 'dragleave', 'drop']) {
  document.addEventListener(type, (e) => e.target.closest?.('.dropzone')?.classList.toggle('is-over', type === 'dragenter'));
}

const start = (root) => { init(root); makeChips(root); };
start(document);
document.body.addEventListener('htmx:load', (e) => { if (e.detail.elt !== document.body) start(e.detail.elt); });
