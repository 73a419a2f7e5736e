/* A tree in which one department of each level can be chosen: [data-levels] around tree, words and button.
   The radio groups hold the rule by themselves; here the page says what was given up, and a second click
   takes a choice back. */
const last = new Map();
let wasChecked = null;
const around = (e) => e.target.closest?.('[data-levels]');
const nameOf = (radio) => radio.closest('label').title;
const radios = (box) => [...box.querySelectorAll('input[type=radio]')];
const say = (box, text) => { box.querySelector('[data-said]').textContent = text; };

const sum = (box) => {
  const names = radios(box).filter((radio) => radio.checked).map(nameOf);
  box.querySelector('[data-sum]').textContent = names.join('、') || '–';
};
const remember = (box) => {
  last.clear();
  radios(box).filter((radio) => radio.checked).forEach((radio) => last.set(radio.name, radio));
  sum(box);
};

document.addEventListener('pointerdown', (e) => {
  const radio = around(e) && e.target.closest('label')?.querySelector('input[type=radio]');
  wasChecked = radio?.checked ? radio : null;
});
document.addEventListener('click', (e) => {
  const box = around(e);
  if (!box) return;
  if (e.target.closest('[data-clear]')) {
    e.preventDefault();
    radios(box).forEach((radio) => { radio.checked = false; });
    say(box, '');
    remember(box);
  } else if (e.target === wasChecked) {
    wasChecked.checked = false;
    wasChecked = null;
    say(box, '');
    remember(box);
  }
});
document.addEventListener('change', (e) => {
  const box = around(e);
  if (!box || !e.target.matches('input[type=radio]')) return;
  const before = last.get(e.target.name);
  const text = box.dataset.levels.replace('{now}', nameOf(e.target));
  say(box, before && before !== e.target ? text.replace('{before}', nameOf(before)) : '');
  remember(box);
});

const start = (root) => root.querySelectorAll('[data-levels]').forEach(remember);
start(document);
document.body.addEventListener('htmx:load', (e) => { if (e.detail.elt.querySelectorAll) start(e.detail.elt); });
