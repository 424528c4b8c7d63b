// What every part of the page uses: the data, words in two languages, elements, numbers and times.

const words = JSON.parse(document.getElementById('words').textContent);
const told = JSON.parse(document.getElementById('data').textContent);
const page = told.page;
const SEVERITIES = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'INFORMATIONAL'];
const FUNCTIONS = ['identify', 'protect', 'detect', 'respond', 'recover'];
const OUTCOMES = ['NON_COMPLIANT', 'INSUFFICIENT_DATA', 'NOT_APPLICABLE', 'COMPLIANT'];
const LANGS = ['en', 'ja'];

const rows = told.rows.map((row, index) => ({
  index,
  outcome: row[0],
  rule: page.rules[row[1]],
  severity: row[2],
  account: page.accounts[row[3]],
  region: page.regions[row[4]],
  id: row[5],
  name: row[6],
  arn: row[7],
  firstSeen: row[8],
  workflow: row[9],
  reason: row[10] === null ? null : page.reasons[row[10]],
  evidence: row[11],
}));

const state = { lang: page.lang, theme: 'auto', outcome: 'NON_COMPLIANT', severities: new Set(), fn: '', account: '', region: '', type: '', text: '' };

/** The word for `key`, with `{name}` filled in. */
function t(key, values = {}) {
  const word = words[key][state.lang];
  return word.replace(/\{(\w+)\}/g, (all, name) => (name in values ? values[name] : all));
}

/** `t` of the singular or plural key. */
function many(key, n) {
  return t(n === 1 ? `${key}_one` : `${key}_many`, { n: number(n) });
}

function number(n) {
  return new Intl.NumberFormat(state.lang).format(n);
}

function time(ms, options) {
  const format = (timeZone) => new Intl.DateTimeFormat(state.lang, { timeZone, ...options }).format(ms);
  try {
    return format(page.zone);
  } catch {
    return format('UTC');
  }
}

/** Bidirectional controls would let a name reorder what stands around it. */
function plain(text) {
  return String(text).replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (it) => `\\u{${it.codePointAt(0).toString(16)}}`);
}

/** An element. Texts become text nodes, never markup. */
function el(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name.startsWith('--')) element.style.setProperty(name, value);
    else if (name === 'width') element.style.width = value;
    else if (name === 'class') element.className = value;
    else element.setAttribute(name, value === true ? '' : plain(value));
  }
  add(element, children);
  return element;
}

function add(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(plain(child)));
  }
}

function fill(id, ...children) {
  const place = document.getElementById(id);
  place.replaceChildren();
  add(place, children);
  return place;
}

function drawing(path) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  line.setAttribute('d', path);
  svg.append(line);
  return svg;
}

/** A bar of parts: `[{ attributes, n }]`. */
function stack(parts, label) {
  const all = parts.reduce((sum, part) => sum + part.n, 0);
  const shown = parts.filter((part) => part.n > 0);
  return el('div', { class: 'stack', role: 'img', 'aria-label': label },
    shown.map((part) => el('i', { ...part.attributes, width: `${(100 * part.n) / all}%` })));
}

function code(text) {
  const button = el('button', { class: 'copy', type: 'button' }, t('copy'));
  button.addEventListener('click', () => {
    const done = () => { button.textContent = t('copied'); };
    if (navigator.clipboard) navigator.clipboard.writeText(text).then(done, () => {});
  });
  return el('pre', { class: 'code' }, text, button);
}

const count = (map, key) => (map && map[key]) || 0;
const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
const regionName = (region) => (region === 'global' ? t('global') : region);
const accountName = (account) => account.name || account.id;
