/* The bar on top while a page, or the sheet of one, is on its way. */
const bar = document.getElementById('loading');
let waiting = 0;

const isPage = ({ boosted, target }) => boosted || target?.matches('body, #main');
const count = (by) => {
  waiting = Math.max(0, waiting + by);
  bar.classList.toggle('htmx-request', waiting > 0);
};

document.body.addEventListener('htmx:beforeSend', (e) => { if (isPage(e.detail)) count(1); });
document.body.addEventListener('htmx:afterRequest', (e) => { if (isPage(e.detail)) count(-1); });
