// The first screen: how many violations, how bad, in which function, in which accounts.

const ACCOUNTS_SHOWN = 12;
let allAccounts = false;

function overview() {
  const violations = count(page.outcomes, 'NON_COMPLIANT');
  const groups = page.groups.filter((group) => group.outcome === 'NON_COMPLIANT');
  const hit = page.accounts.filter((account) => count(account.outcomes, 'NON_COMPLIANT') > 0);
  const rulesHit = new Set(groups.map((group) => group.rule)).size;
  const options = { dateStyle: 'medium', timeStyle: 'short' };
  const finished = page.scan.finished;
  const seconds = finished ? Math.round((finished - page.scan.started) / 1000) : 0;
  const order = ['COMPLIANT', 'NON_COMPLIANT', 'INSUFFICIENT_DATA', 'NOT_APPLICABLE'];
  const verdict = el('div', { class: 'card verdict' },
    el('div', {},
      el('div', { class: 'big' }, number(violations), el('small', {}, t(violations === 1 ? 'violations_one' : 'violations_many'))),
      el('div', {}, t('where', {
        accounts: number(hit.length), of: number(page.accounts.length), rules: number(rulesHit), all: number(page.rules.length),
      }))),
    el('div', {},
      stack(order.map((outcome) => ({ attributes: { 'data-outcome': outcome }, n: count(page.outcomes, outcome) })), t('overview')),
      el('div', { class: 'legend' }, order.map((outcome) => el('span', {},
        el('i', { class: 'dot', 'data-outcome': outcome }), `${t(outcome)} `, el('b', {}, number(count(page.outcomes, outcome)))))),
      el('div', { class: 'quiet' },
        page.organization ? `${page.organization}${state.lang === 'ja' ? '、' : ', '}` : '',
        t('when', { resources: number(page.resources), time: `${time(page.scan.started, options)} (${page.zone})` }),
        seconds > 0 ? ` ${t('took', { n: number(seconds) })}` : '')));
  const tiles = el('div', { class: 'tiles' }, SEVERITIES.map((severity) => severityTile(severity, groups)));
  fill('overview', alarm(),
    finished ? null : el('p', { class: 'alarm' }, el('b', {}, t('interrupted'))),
    verdict, tiles,
    el('section', {}, el('h2', {}, t('by_function'), el('small', {}, t('score_note'))),
      el('div', { class: 'tiles functions' }, FUNCTIONS.map(functionTile))));
}

function severityTile(severity, groups) {
  const own = groups.filter((group) => group.severity === severity);
  const n = count(page.severities, severity);
  const accounts = page.accounts.filter((account) => count(account.severities, severity) > 0).length;
  const values = { rules: number(own.length), accounts: number(accounts) };
  const about = n === 0 ? t('nothing') : t(own.length === 1 ? 'per_rule_one' : 'per_rules', values);
  return el('button', {
    type: 'button', class: `card tile${n === 0 ? ' zero' : ''}`, 'data-severity': severity,
    onclick: () => narrow({ outcome: 'NON_COMPLIANT', severities: new Set([severity]) }),
  }, el('span', { class: 'name' }, t(severity)), el('span', { class: 'n' }, number(n)), el('span', { class: 'more-about' }, about));
}

/** The share that passes, never rounded up to a hundred. */
function share(good, bad) {
  return good + bad === 0 ? null : Math.floor((100 * good) / (good + bad));
}

function functionTile(fn) {
  const outcomes = page.functions[fn];
  const [good, bad, unknown] = ['COMPLIANT', 'NON_COMPLIANT', 'INSUFFICIENT_DATA'].map((it) => count(outcomes, it));
  const points = page.scores[fn] ?? null;
  const parts = [['COMPLIANT', good], ['NON_COMPLIANT', bad], ['INSUFFICIENT_DATA', unknown]];
  const about = points === null ? t('not_judged') : t('of_judged', { bad: number(bad), all: number(good + bad) });
  return el('button', { type: 'button', class: `card tile${points === null ? ' zero' : ''}`, onclick: () => narrow({ fn }) },
    el('span', { class: 'name' }, t(fn)),
    el('span', { class: 'n' }, points === null ? '-' : points.toFixed(1)),
    stack(parts.map(([outcome, n]) => ({ attributes: { 'data-outcome': outcome }, n })), t(fn)),
    el('span', { class: 'more-about' }, about),
    unknown > 0 ? el('span', { class: 'more-about doubt' }, t('and_unknown', { n: number(unknown) })) : null);
}

const STATES = ['SCANNED', 'UNREACHABLE', 'SKIPPED'];

function worstAccounts() {
  const key = (account) => SEVERITIES.map((severity) => -count(account.severities, severity));
  return [...page.accounts].sort((a, b) => {
    const states = STATES.indexOf(a.state) - STATES.indexOf(b.state);
    if (states !== 0) return states;
    const [left, right] = [key(a), key(b)];
    const differs = left.findIndex((n, at) => n !== right[at]);
    return differs < 0 ? a.id.localeCompare(b.id) : left[differs] - right[differs];
  });
}

function accounts() {
  const sorted = worstAccounts();
  const unread = sorted.filter((account) => account.state === 'UNREACHABLE');
  // An account that could not be read is never behind the button.
  const shown = allAccounts ? sorted : [...new Set([...sorted.slice(0, ACCOUNTS_SHOWN), ...unread])];
  const most = {};
  for (const severity of SEVERITIES) most[severity] = Math.max(1, ...page.accounts.map((it) => count(it.severities, severity)));
  const head = el('tr', {}, el('th', {}, t('account')), SEVERITIES.map((it) => el('th', { class: 'num' }, t(it))),
    el('th', { class: 'num' }, t('passed')), el('th', { class: 'num' }, t('unknown')));
  const more = sorted.length > shown.length && el('button', {
    type: 'button', class: 'more', onclick: () => { allAccounts = true; accounts(); },
  }, t('show_all_accounts', { n: number(sorted.length) }));
  fill('accounts', el('h2', {}, t('by_account')),
    el('div', { class: 'card scroll' }, el('table', { class: 'matrix' }, el('thead', {}, head),
      el('tbody', {}, shown.map((account) => accountRow(account, most))))), more);
}

function accountRow(account, most) {
  const who = el('td', {}, el('div', { class: 'who' }, el('b', {}, accountName(account)),
    account.name ? el('span', { class: 'mono quiet' }, account.id) : null));
  if (account.state !== 'SCANNED') {
    const unread = account.state === 'UNREACHABLE';
    return el('tr', { class: unread ? 'unread' : 'skipped' }, who,
      el('td', { colspan: SEVERITIES.length + 2 }, el('b', { class: 'why' }, t(unread ? 'not_read' : 'skipped')), ' ', el('span', { class: 'why' }, account.why)));
  }
  const cells = SEVERITIES.map((severity) => {
    const n = count(account.severities, severity);
    const heat = 7 + 33 * (Math.log1p(n) / Math.log1p(most[severity]));
    return el('td', {}, n === 0 ? el('span', { class: 'cell none' }, '-') : el('button', {
      type: 'button', class: 'cell', 'data-severity': severity, '--heat': heat,
      onclick: () => narrow({ outcome: 'NON_COMPLIANT', severities: new Set([severity]), account: account.id }),
    }, number(n)));
  });
  const percent = share(count(account.outcomes, 'COMPLIANT'), count(account.outcomes, 'NON_COMPLIANT'));
  const unknown = count(account.outcomes, 'INSUFFICIENT_DATA');
  return el('tr', {}, who, cells,
    el('td', {}, el('span', { class: 'cell plain' }, percent === null ? '-' : `${percent}%`)),
    el('td', {}, unknown === 0 ? el('span', { class: 'cell none' }, '-') : el('button', {
      type: 'button', class: 'cell', 'data-outcome': 'INSUFFICIENT_DATA', '--heat': 22,
      onclick: () => narrow({ outcome: 'INSUFFICIENT_DATA', account: account.id }),
    }, number(unknown))));
}
