/* The mailbox without this file: messages open as pages, addresses are typed whole. */
(() => {
  /* a message's frame is as high as its text; scripts never run inside it */
  const fit = (frame) => {
    const inner = frame.contentDocument?.documentElement;
    if (inner) frame.style.height = `${inner.scrollHeight + 16}px`;
  };
  document.addEventListener('load', (e) => { if (e.target.matches?.('iframe.htmlbody')) fit(e.target); }, true);
  document.querySelectorAll('iframe.htmlbody').forEach(fit);

  document.addEventListener('htmx:afterSwap', (e) => {
    if (e.target.id !== 'read' && !e.target.matches?.('.wm__read')) return;
    document.querySelector('.wm')?.classList.add('wm--reading');
    document.querySelectorAll('.msg').forEach((m) => {
      const open = new URL(m.href).searchParams.get('key') === new URL(location.href).searchParams.get('key');
      m.toggleAttribute('aria-current', open);
      if (open) m.classList.remove('unread');
    });
  });

  /* a suggestion takes the place of the address being typed */
  document.addEventListener('click', (e) => {
    const picked = e.target.closest('[data-pick]');
    if (!picked) return;
    const box = picked.closest('.suggest'), input = box.querySelector('input');
    const before = input.value.split(/[,;，；]/).slice(0, -1).map((part) => part.trim()).filter(Boolean);
    input.value = [...before, picked.dataset.pick].join(', ') + ', ';
    box.querySelector('.suggest__list').replaceChildren();
    input.focus();
  });
})();
