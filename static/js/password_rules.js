/* Ticks the rules of a password off while it is typed. The server tells the rules (data-rule with
   what each needs), checks them all again, and alone knows the passwords known from leaks.
   [data-password-rules="id of the field"] */
const some = (text, length, found) => [...Array(text.length).keys()].some((at) => found(text.slice(at, at + length)));
const isSequence = (part) => {
  if (!/^[0-9]{3}$/.test(part)) return false;
  const step = part[1] - part[0];
  return step === part[2] - part[1] && Math.abs(step) < 2;
};
const reversed = (text) => [...text].reverse().join('');

const HOLDS = {
  length: (text, { least, most }) => [...text].length >= least && [...text].length <= most,
  classes: (text, { least }) => [/[A-Z]/, /[a-z]/, /[0-9]/, /[^A-Za-z0-9]/].filter((kind) => kind.test(text)).length >= least,
  'digit-run': (text) => !/[0-9]{3}/.test(text),
  'digit-sequence': (text) => !some(text, 3, isSequence),
  keyboard: (text, { rows, run }) => !some(text.toLowerCase(), Number(run), (part) => part.length === Number(run)
    && rows.split(' ').some((row) => row.includes(part) || row.includes(reversed(part)))),
  words: (text, { words }) => !JSON.parse(words).some((word) => text.toLowerCase().includes(word)),
};

const mark = (list) => {
  const text = document.getElementById(list.dataset.passwordRules)?.value ?? '';
  for (const item of list.querySelectorAll('[data-rule]')) {
    const holds = HOLDS[item.dataset.rule];
    if (!holds) continue;
    const state = text && (holds(text, item.dataset) ? 'kept' : 'broken');
    item.dataset.state = state;
    item.querySelector('[data-say]').textContent = list.dataset[state] ?? '';
  }
};

/* Somebody may have typed before this script was there. */
document.querySelectorAll('[data-password-rules]').forEach(mark);
document.addEventListener('input', (e) => {
  document.querySelectorAll('[data-password-rules]').forEach((list) => {
    if (list.dataset.passwordRules === e.target.id) mark(list);
  });
});
/* A form that is sent needs no answer about its password any more. */
const sent = new WeakSet();
document.addEventListener('submit', (e) => {
  if (!e.defaultPrevented) e.target.querySelectorAll('[data-password-rules]').forEach((list) => {
    sent.add(list);
    htmx.trigger(list, 'htmx:abort');
  });
});
document.body.addEventListener('htmx:beforeRequest', (e) => { if (sent.has(e.detail.elt)) e.preventDefault(); });
/* What the server answers may be about an older text. */
document.body.addEventListener('htmx:afterSwap', (e) => { if (e.target.matches?.('[data-password-rules]')) mark(e.target); });
