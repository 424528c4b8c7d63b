// What could not be read. It stands at the top as one sentence and below as the whole list.

const KNOWN = ['READ', 'ABSENT', 'UNAVAILABLE'];
const BROKEN = ['THROTTLED', 'FAILED', 'NOT_SUPPORTED'];

function unreadAccounts() {
  return page.accounts.filter((account) => account.state === 'UNREACHABLE');
}

function gapsOf(...statuses) {
  return page.gaps.filter((gap) => statuses.includes(gap.status));
}

function isWhole() {
  return unreadAccounts().length === 0 && gapsOf('DENIED', ...BROKEN).length === 0 && count(page.outcomes, 'INSUFFICIENT_DATA') === 0;
}

/** The sentence at the top; nothing when everything was read. */
function alarm() {
  if (isWhole()) return null;
  const parts = [
    ['alarm_accounts', unreadAccounts().length],
    ['alarm_denied', gapsOf('DENIED').length],
    ['alarm_failed', gapsOf(...BROKEN).length],
    ['alarm_unknown', count(page.outcomes, 'INSUFFICIENT_DATA')],
  ].filter(([, n]) => n > 0).map(([key, n]) => many(key, n));
  return el('div', { class: 'alarm', role: 'status' },
    drawing('M12 3 2 20.5h20zM12 10v5m0 2.6v.4'),
    el('div', {}, el('b', {}, t('alarm')), ' ', parts.join(state.lang === 'ja' ? '、' : ', '), state.lang === 'ja' ? null : '.'),
    el('a', { href: '#coverage' }, t('see')));
}

function coverage() {
  const unread = unreadAccounts();
  const skipped = page.accounts.filter((account) => account.state === 'SKIPPED');
  const denied = gapsOf('DENIED');
  const unknown = count(page.outcomes, 'INSUFFICIENT_DATA');
  const known = sum(KNOWN.map((status) => count(page.calls, status)));
  const rest = sum(Object.entries(page.calls).filter(([status]) => !KNOWN.includes(status)).map(([, n]) => n));
  const whole = isWhole();
  fill('coverage', el('h2', {}, t('gaps'), whole ? null : el('small', {}, t('gaps_note'))),
    el('div', { class: whole ? 'frame whole' : 'frame' },
      whole ? el('p', {}, el('b', {}, t('whole'))) : null,
      el('div', { class: 'calls' },
        el('div', { class: 'legend' }, el('span', {}, t('calls')), el('span', {}, el('b', {}, number(known)), ` ${t('calls_known')}`),
          el('span', {}, el('b', {}, number(rest)), ` ${t('calls_unknown')}`)),
        stack([{ attributes: { 'data-outcome': 'COMPLIANT' }, n: known }, { attributes: { 'data-outcome': 'INSUFFICIENT_DATA' }, n: rest }], t('calls'))),
      accountList('unreachable', unread),
      gapTable('DENIED', 'permission'),
      denied.length > 0 ? el('details', {}, el('summary', {}, t('policy')), code(policy(denied))) : null,
      BROKEN.map((status) => gapTable(status, 'call')),
      unknown > 0 ? [el('h3', {}, t('unjudged'), el('span', { class: 'badge' }, number(unknown))), page.included.includes('INSUFFICIENT_DATA')
        ? el('button', { type: 'button', class: 'link', onclick: () => narrow({ outcome: 'INSUFFICIENT_DATA' }) }, t('unjudged_link', { n: number(unknown) })) : null] : null,
      gapTable('REGION_OFF', null),
      gapTable('EXCLUDED', 'call'),
      accountList('skipped_accounts', skipped)));
}

function heading(key, n) {
  return el('h3', {}, t(key), el('span', { class: 'badge' }, number(n)));
}

function accountList(key, list) {
  if (list.length === 0) return null;
  return [heading(key, list.length), el('div', { class: 'scroll' }, el('table', {}, el('tbody', {}, list.map((account) => el('tr', {},
    el('td', { class: 'mono' }, account.id), el('td', {}, account.name), el('td', {}, account.why))))))];
}

function gapTable(status, column) {
  const gaps = gapsOf(status);
  if (gaps.length === 0) return null;
  if (column === null) {
    const regions = [...new Set(gaps.flatMap((gap) => gap.regions))];
    return [heading(status, regions.length), el('p', {}, regions.join(', '))];
  }
  return [heading(status, gaps.length), el('div', { class: 'scroll' }, el('table', {},
    el('thead', {}, el('tr', {}, el('th', {}, t(column)), el('th', { class: 'num' }, t('how_often')), el('th', { class: 'num' }, t('accounts')), el('th', {}, t('regions')))),
    el('tbody', {}, gaps.map((gap) => el('tr', {}, el('td', { class: 'mono' }, gap.what), el('td', { class: 'num' }, number(gap.count)),
      el('td', { class: 'num' }, number(gap.accounts)), el('td', {}, gap.regions.map(regionName).join(', ')))))))];
}

function policy(denied) {
  const actions = denied.map((gap) => gap.what).filter((it) => /^[a-z0-9-]+:[A-Za-z0-9]+$/.test(it)).sort();
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] }, null, 2);
}
