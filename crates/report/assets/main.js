// Puts the page together, and again when the language changes.

function nav() {
  const gaps = gapsOf('DENIED', ...BROKEN).length + unreadAccounts().length;
  fill('nav',
    el('a', { href: '#overview' }, t('overview')),
    page.frameworks.length > 0 && el('a', { href: '#frameworks' }, t('frameworks'), ' ', el('b', {}, number(page.frameworks.length))),
    el('a', { href: '#accounts' }, t('accounts'), ' ', el('b', {}, number(page.accounts.length))),
    el('a', { href: '#findings' }, t('findings'), ' ', el('b', {}, number(count(page.outcomes, 'NON_COMPLIANT')))),
    el('a', { href: '#coverage', class: isWhole() ? null : 'gap' }, t('coverage'), ' ', el('b', {}, number(gaps))));
}

const THEMES = {
  auto: 'M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 1 1 0 18',
  light: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2m0 16v2M2 12h2m16 0h2M5 5l1.4 1.4m11.2 11.2L19 19M19 5l-1.4 1.4M6.4 17.6 5 19',
  dark: 'M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z',
};

function switches() {
  const group = (label, options, current, choose) => el('div', { class: 'switch', role: 'group', 'aria-label': label },
    options.map(([value, name, content]) => el('button', {
      type: 'button', title: name, 'aria-label': name, 'aria-pressed': String(value === current), onclick: () => choose(value),
    }, content)));
  fill('switches',
    group(t('language'), [['en', 'English', 'EN'], ['ja', '日本語', '日本語']], state.lang, (lang) => { state.lang = lang; draw(); }),
    group(t('theme'), Object.entries(THEMES).map(([it, path]) => [it, t(it), drawing(path)]), state.theme, (theme) => {
      state.theme = theme;
      if (theme === 'auto') document.documentElement.removeAttribute('data-theme');
      else document.documentElement.setAttribute('data-theme', theme);
      switches();
    }));
}

function draw() {
  document.documentElement.lang = state.lang;
  nav();
  switches();
  overview();
  frameworks();
  accounts();
  findings();
  coverage();
  fill('footer', t('footer', { version: page.version }));
}

// For looking at one state of the page: #lang=ja&theme=dark
for (const [key, value] of new URLSearchParams(location.hash.slice(1))) {
  if (key === 'lang' && LANGS.includes(value)) state.lang = value;
  if (key === 'theme' && ['light', 'dark'].includes(value)) {
    state.theme = value;
    document.documentElement.setAttribute('data-theme', value);
  }
}
draw();
