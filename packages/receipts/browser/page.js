// The only script of the page that touches it; everything else is what the command line uses.
import { inWords, verifyReceipt } from '@erx/receipts';

const element = (id) => document.getElementById(id);
const classes = { '✓': 'good', '✗': 'bad', '–': 'open' };
let receipt;

function show() {
  if (receipt === undefined) return;
  const keys = element('key')
    .value.split('\n')
    .filter((line) => line.trim() !== '');
  element('result').replaceChildren(...inWords(verifyReceipt(receipt, keys)).map(paragraph));
}

function paragraph({ mark, zh, en }) {
  const line = document.createElement('p');
  const english = document.createElement('span');
  english.lang = 'en';
  english.textContent = en;
  line.className = classes[mark];
  line.append(zh, ' ', english);
  return line;
}

async function take(file) {
  if (file === undefined) return;
  receipt = await file.text();
  show();
}

element('file').addEventListener('change', ({ target }) => take(target.files[0]));
element('key').addEventListener('input', show);
for (const name of ['dragover', 'dragleave', 'drop']) {
  // Anywhere on the page: a file dropped beside the frame must not replace it.
  document.addEventListener(name, (event) => {
    event.preventDefault();
    element('drop').classList.toggle('over', name === 'dragover');
    if (name === 'drop') take(event.dataTransfer.files[0]);
  });
}
