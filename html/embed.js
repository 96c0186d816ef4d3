// embed.js - shows the code that runs on this page: from its files, and from its own markup.

for (const place of document.querySelectorAll('code[data-file]')) {
  const file = /** @type {HTMLElement} */ (place).dataset.file ?? '';
  fetch(file)
    .then((response) => response.text())
    .then((text) => (place.textContent = text.trimEnd()));
}

for (const place of document.querySelectorAll('code[data-markup]')) {
  const elements = document.getElementById(/** @type {HTMLElement} */ (place).dataset.markup ?? '')?.children ?? [];
  place.textContent = [...elements].map((element) => /** @type {Element} */ (element.cloneNode()).outerHTML).join('\n');
}
