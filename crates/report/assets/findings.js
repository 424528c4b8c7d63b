// The findings, grouped by rule: a hundred instances of one mistake are one line until somebody opens it.

const ROWS_AT_ONCE = 50;
let haystacks = null;

function haystack(row) {
  if (!haystacks) haystacks = new Array(rows.length);
  if (!haystacks[row.index]) {
    const { rule, account } = row;
    haystacks[row.index] = [row.id, row.name, row.arn, row.region, account.id, account.name, account.ou, rule.id, rule.resource,
      rule.text.en.title, rule.text.ja.title, ...rule.aliases].join('\n').toLowerCase();
  }
  return haystacks[row.index];
}

function filtered() {
  const { severities, fn, account, region, type, text } = state;
  return severities.size > 0 || Boolean(fn || account || region || type || text);
}

function visibleRows() {
  const terms = state.text.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => row.outcome === state.outcome
    && (state.severities.size === 0 || state.severities.has(row.severity))
    && (!state.fn || row.rule.function === state.fn)
    && (!state.account || row.account.id === state.account)
    && (!state.region || row.region === state.region)
    && (!state.type || row.rule.resource === state.type)
    && terms.every((term) => haystack(row).includes(term)));
}

function groupsOf(visible) {
  const groups = new Map();
  for (const row of visible) {
    const key = `${row.severity}/${row.rule.id}`;
    if (!groups.has(key)) groups.set(key, { key, rule: row.rule, severity: row.severity, rows: [], accounts: new Set() });
    const group = groups.get(key);
    group.rows.push(row);
    group.accounts.add(row.account.id);
  }
  const totals = new Map(page.groups.filter((it) => it.outcome === state.outcome)
    .map((it) => [`${it.severity}/${page.rules[it.rule].id}`, it]));
  for (const group of groups.values()) {
    const total = totals.get(group.key);
    const whole = !filtered() && total;
    group.count = whole ? total.count : group.rows.length;
    group.spread = whole ? total.accounts : group.accounts.size;
  }
  return [...groups.values()].sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity)
    || b.count - a.count || (a.rule.id < b.rule.id ? -1 : 1));
}

/** Narrows the list to what was clicked elsewhere, and goes there. */
function narrow(change) {
  Object.assign(state, { severities: new Set(), fn: '', account: '', region: '', type: '', text: '', outcome: 'NON_COMPLIANT' }, change);
  findings();
  document.getElementById('findings').scrollIntoView();
}

function findings() {
  const kept = rows.length;
  const all = kept + page.left_out;
  const shown = OUTCOMES.filter((outcome) => page.included.includes(outcome));
  if (!shown.includes(state.outcome)) state.outcome = shown[0];
  const tabs = el('div', { class: 'chips', role: 'group' }, shown.map((outcome) => el('button', {
    type: 'button', class: 'chip', 'data-outcome': outcome, 'aria-pressed': String(state.outcome === outcome),
    onclick: () => { state.outcome = outcome; findings(); },
  }, `${t(outcome)} ${number(sum(page.groups.filter((it) => it.outcome === outcome).map((it) => it.count)))}`)));
  fill('findings', el('h2', {}, t('findings'), tabs),
    page.left_out > 0 ? el('p', { class: 'note' }, t('left_out', { kept: number(kept), all: number(all) })) : null,
    tools(), el('div', { id: 'list' }));
  list();
}

function tools() {
  const search = el('input', {
    type: 'search', placeholder: t('search'), 'aria-label': t('search'), value: state.text,
    oninput: (event) => { state.text = event.target.value; list(); },
  });
  const chips = SEVERITIES.map((severity) => el('button', {
    type: 'button', class: 'chip', 'data-severity': severity, 'aria-pressed': String(state.severities.has(severity)),
    onclick: (event) => {
      if (!state.severities.delete(severity)) state.severities.add(severity);
      event.currentTarget.setAttribute('aria-pressed', String(state.severities.has(severity)));
      list();
    },
  }, t(severity)));
  const used = (value) => [...new Set(rows.map(value))].sort();
  const people = [...new Set(rows.map((row) => row.account))].sort((a, b) => accountName(a).localeCompare(accountName(b)));
  return el('div', { class: 'tools' }, search, el('div', { class: 'chips' }, chips),
    choice('fn', 'all_functions', FUNCTIONS.map((fn) => [fn, t(fn)])),
    choice('account', 'all_accounts', people.map((it) => [it.id, it.name ? `${it.name} (${it.id})` : it.id])),
    choice('region', 'all_regions', used((row) => row.region).map((it) => [it, regionName(it)])),
    choice('type', 'all_types', used((row) => row.rule.resource).map((it) => [it, it])),
    el('button', { type: 'button', class: 'link', id: 'clear', onclick: () => narrow({ outcome: state.outcome }) }, t('clear')));
}

function choice(field, all, options) {
  return el('select', { 'aria-label': t(all), onchange: (event) => { state[field] = event.target.value; list(); } },
    el('option', { value: '' }, t(all)),
    options.map(([value, text]) => el('option', { value, selected: state[field] === value }, text)));
}

function list() {
  const visible = visibleRows();
  const groups = groupsOf(visible);
  const n = sum(groups.map((group) => group.count));
  document.getElementById('clear').classList.toggle('hidden', !filtered());
  fill('list', el('p', { class: 'told', 'aria-live': 'polite' }, t(page.left_out > 0 && filtered() ? 'told_part' : 'told', { n: number(n), rules: number(groups.length) })),
    groups.length === 0 ? el('p', { class: 'card empty' }, t('no_results')) : groups.map(ruleCard));
}

function ruleCard(group) {
  const { rule } = group;
  const text = rule.text[state.lang];
  const details = el('details', { class: 'card rule', 'data-severity': group.severity },
    el('summary', {},
      el('span', { class: 'badge' }, t(group.severity)),
      el('span', { class: 'title-box' }, el('span', { class: 'title' }, text.title), ' ', el('span', { class: 'id' }, rule.id)),
      el('span', { class: 'spread' }, group.spread === 1 ? t('in_account') : t('in_accounts', { n: number(group.spread) })),
      el('span', { class: 'amount' }, el('b', {}, number(group.count)))));
  details.addEventListener('toggle', () => {
    if (details.open && details.children.length === 1) details.append(ruleBody(group));
  });
  return details;
}

function ruleBody(group) {
  const { rule } = group;
  const text = rule.text[state.lang];
  const steps = rule.fix.steps[state.lang] || [];
  const part = (key, ...content) => el('div', {}, el('h3', {}, t(key)), content);
  const total = group.count > group.rows.length
    && el('p', { class: 'note' }, t('group_left_out', { kept: number(group.rows.length), all: number(group.count) }));
  return el('div', { class: 'body' },
    el('div', { class: 'explain' },
      part('why', el('p', {}, text.why), text.impact_of_fix && [el('h3', {}, t('impact')), el('p', {}, text.impact_of_fix)]),
      part('how', el('ol', {}, steps.map((step) => el('li', {}, step)))),
      rule.fix.cli && el('div', { class: 'wide' }, el('h3', {}, t('command')), code(rule.fix.cli)),
      rule.references.length + rule.aliases.length > 0 && el('div', { class: 'wide' }, el('h3', {}, t('references')),
        el('div', { class: 'refs' },
          rule.references.map((href) => el('a', { href, rel: 'noreferrer noopener', target: '_blank' }, href.replace('https://', ''))),
          rule.aliases.map((alias) => el('span', { class: 'alias' }, alias))))),
    total, instances(group));
}

function instances(group) {
  const unknown = group.rows[0].outcome === 'INSUFFICIENT_DATA' || group.rows[0].outcome === 'NOT_APPLICABLE';
  const columns = ['resource', 'account', 'region', ...(unknown ? ['reason'] : ['first_seen', 'state', 'evidence'])];
  const body = el('tbody', {});
  const more = el('button', { type: 'button', class: 'more' });
  let shown = 0;
  const next = () => {
    for (const row of group.rows.slice(shown, shown + ROWS_AT_ONCE)) body.append(instance(row, unknown, columns.length));
    shown = Math.min(shown + ROWS_AT_ONCE, group.rows.length);
    more.textContent = t('more_rows', { n: number(Math.min(ROWS_AT_ONCE, group.rows.length - shown)) });
    more.classList.toggle('hidden', shown >= group.rows.length);
  };
  more.addEventListener('click', next);
  next();
  return el('div', {}, el('div', { class: 'scroll' }, el('table', { class: 'rows' },
    el('thead', {}, el('tr', {}, columns.map((column) => el('th', {}, t(column))))), body)), more);
}

function instance(row, unknown, width) {
  const whatever = row.id === '*';
  const resource = el('td', { class: 'res', title: row.arn || null }, whatever ? el('i', {}, t('whatever'))
    : [row.name && row.name !== row.id ? el('b', {}, row.name) : null, el('span', { class: 'mono' }, row.id)]);
  const line = el('tr', { class: 'row' }, resource,
    el('td', { title: row.account.id }, accountName(row.account)), el('td', { class: 'nowrap' }, regionName(row.region)));
  if (unknown) {
    line.append(el('td', {}, row.reason ? row.reason[LANGS.indexOf(state.lang)] : ''));
    return line;
  }
  const days = row.firstSeen === null ? null : Math.floor((page.scan.started - row.firstSeen) / 86400000);
  line.append(el('td', { class: 'nowrap' }, days === null ? '' : [time(row.firstSeen, { dateStyle: 'medium' }), ' ',
    el('span', { class: 'quiet' }, days > 0 ? t('days', { n: number(days) }) : t('today'))]));
  line.append(el('td', {}, row.workflow ? el('span', { class: 'tag' }, t(row.workflow)) : ''));
  const cell = el('td', {});
  if (row.evidence !== null) {
    const toggle = el('button', { type: 'button', class: 'link', 'aria-expanded': 'false' }, t('evidence'));
    toggle.addEventListener('click', () => {
      const open = toggle.getAttribute('aria-expanded') === 'true';
      toggle.setAttribute('aria-expanded', String(!open));
      if (open) line.nextSibling.remove();
      else line.after(el('tr', {}, el('td', { class: 'evidence', colspan: width }, pretty(row.evidence))));
    });
    cell.append(toggle);
  }
  line.append(cell);
  return line;
}

/** JSON with its parts coloured. */
function pretty(value) {
  const text = JSON.stringify(value, null, 2);
  const pre = el('pre', {});
  const token = /("(?:\\.|[^"\\])*")(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/g;
  let from = 0;
  for (const match of text.matchAll(token)) {
    add(pre, [text.slice(from, match.index)]);
    if (match[2] !== undefined) add(pre, [el('span', { class: 'k' }, match[1]), match[2]]);
    else add(pre, [el('span', { class: match[1] ? 's' : 'v' }, match[0])]);
    from = match.index + match[0].length;
  }
  add(pre, [text.slice(from)]);
  return pre;
}
