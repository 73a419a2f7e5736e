/* The rich text editor on text areas that ask for it; it takes its words from window.gettext. */
const { extensions, words } = JSON.parse(document.getElementById('rich-text-editor').textContent);
window.gettext = (text) => words[text] ?? text;
const editing = await import('../django_prose_editor/editor.js');

const chosen = Object.entries(extensions).map(([name, options]) => (
  typeof options === 'object' ? editing[name].configure(options) : editing[name]));

const describe = (box, textarea, editor) => {
  const area = box.querySelector('.ProseMirror'), label = document.querySelector(`label[for="${textarea.id}"]`);
  area.setAttribute('role', 'textbox');
  area.setAttribute('aria-multiline', 'true');
  if (label) {
    area.setAttribute('aria-label', label.textContent.trim());
    label.addEventListener('click', () => editor.commands.focus());
  }
  for (const name of ['aria-invalid', 'aria-describedby']) {
    if (textarea.hasAttribute(name)) area.setAttribute(name, textarea.getAttribute(name));
  }
  box.querySelectorAll('[title]').forEach((button) => {
    button.title = words[button.title] ?? button.title;
    button.setAttribute('aria-label', button.title);
  });
};

for (const textarea of document.querySelectorAll('textarea[data-rich-text]')) {
  const box = textarea.closest('.richtext');
  describe(box, textarea, editing.createTextareaEditor(textarea, chosen));
}
