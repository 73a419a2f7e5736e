/* Short messages. From a response: HX-Trigger: {"toast": {"text": "…", "kind": "ok|warn|danger", "undo": "/url"}}
   From the page: Django's messages, printed by the server. Texts and markup are the server's (components/toasts.html). */
const SHORT = 4000, LONG = 8000;
const box = document.getElementById('toasts'), pattern = document.getElementById('toast');

const leaveInTime = (toast) => {
  if (toast.matches('.toast--danger')) return;
  setTimeout(() => toast.remove(), toast.querySelector('[data-undo]') ? LONG : SHORT);
};

export const toast = (text, kind = 'ok', undo = '') => {
  const shown = pattern.content.querySelector(`.toast--${kind}`).cloneNode(true);
  shown.querySelector('[data-text]').textContent = text;
  const button = shown.querySelector('[data-undo]');
  if (undo && button) { button.setAttribute('hx-post', undo); htmx.process(button); } else button?.remove();
  box.append(shown);
  leaveInTime(shown);
};

document.body.addEventListener('toast', (e) => toast(e.detail.text, e.detail.kind, e.detail.undo));
document.body.addEventListener('htmx:sendError', () => toast(box.dataset.offline, 'danger'));
document.body.addEventListener('htmx:timeout', () => toast(box.dataset.offline, 'danger'));
document.body.addEventListener('htmx:responseError', ({ detail: { xhr } }) => {
  if (xhr.status === 404) toast(box.dataset.gone, 'danger');
  else if (xhr.status !== 403 && xhr.status !== 422) toast(box.dataset.failed, 'danger');
});

document.addEventListener('click', (e) => {
  e.target.closest('[data-dismiss]')?.closest('.toast, .alert, .notice-bar')?.remove();
  const copy = e.target.closest('[data-copy]');
  if (copy) navigator.clipboard?.writeText(copy.dataset.copy).then(() => toast(box.dataset.copied));
  if (e.target.closest('[data-print]')) print();
});

box?.querySelectorAll('.toast').forEach(leaveInTime);
