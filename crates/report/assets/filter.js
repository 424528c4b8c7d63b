'use strict';
// Hides the lines of a list that do not hold every word that is typed. Without this, the list is whole.
const box = document.getElementById('filter');
const lines = [...document.querySelectorAll('[data-find]')].map((line) => [line, `${line.textContent} ${line.dataset.find}`.toLowerCase()]);
const parts = [...document.querySelectorAll('[data-part]')];
function narrow() {
  const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const [line, text] of lines) {
    line.hidden = !words.every((word) => text.includes(word));
    if (!line.hidden) shown += 1;
  }
  for (const part of parts) part.hidden = !part.querySelector('[data-find]:not([hidden])');
  document.getElementById('shown').textContent = `${shown} / ${lines.length}`;
}
box.addEventListener('input', narrow);
box.closest('[hidden]').hidden = false;
narrow();
