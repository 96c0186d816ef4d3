// embed-element.js - makes <treadle-graph> known, listens to two of them, takes one away.
import '../js/element.js';

const place = document.getElementById('element-result');
const remove = document.getElementById('element-remove');

for (const element of document.querySelectorAll('treadle-graph')) {
  element.addEventListener('finish', ({ detail: { status, outputs } }) => {
    place.textContent += `\n${element.getAttribute('src')}: ${status}, ${JSON.stringify(outputs)}`;
  });
}
place.textContent = `${document.querySelectorAll('treadle-graph').length} elements are here.`;

remove.addEventListener('click', () => {
  document.querySelectorAll('treadle-graph')[1]?.remove(); // its run ends, its engine is closed
  place.textContent += '\nOne was taken away: its run has ended.';
  remove.disabled = true;
});
