// How far the frameworks are met that were asked for: two percentages, since one alone misleads, and every requirement with what decides it.

const ANSWERS = { NON_COMPLIANT: 'not_met', INSUFFICIENT_DATA: 'not_known', MANUAL: 'by_hand', COMPLIANT: 'met', NOT_APPLICABLE: 'not_concerned' };
/** The answer that the list of each framework is narrowed to. */
const narrowedTo = new Map();

function frameworks() {
  if (page.frameworks.length === 0) return;
  fill('frameworks', el('h2', {}, t('frameworks')), page.frameworks.map(frameworkCard));
}

const percentage = (it) => (it === null ? '-' : `${it.toFixed(1)}%`);
const inLang = (text) => text[state.lang];

function answerStack(answers, order, label) {
  return stack(order.map((answer) => ({ attributes: { 'data-outcome': answer }, n: count(answers, answer) })), label);
}

function frameworkCard(framework) {
  const { answers } = framework;
  const evaluated = count(answers, 'COMPLIANT') + count(answers, 'NON_COMPLIANT');
  const applies = sum(Object.values(answers)) - count(answers, 'NOT_APPLICABLE');
  const figure = (percent, name, about, bar) => el('div', {},
    el('div', { class: 'big' }, percentage(percent), el('small', {}, t(name))), bar, el('div', { class: 'quiet' }, about));
  const source = [inLang(framework.publisher), framework.version].filter(Boolean).join(' ');
  const list = el('div', { class: 'chapters' });
  const chips = el('div', { class: 'chips', role: 'group' });
  const draw = () => {
    chips.replaceChildren(...answerChips(framework, draw));
    list.replaceChildren(...chapters(framework));
  };
  draw();
  return el('article', { class: 'card framework' },
    el('header', {}, el('h3', {}, inLang(framework.name)), el('span', { class: 'mono quiet' }, framework.id),
      framework.url ? el('a', { class: 'quiet', href: framework.url, rel: 'noreferrer noopener', target: '_blank' }, source) : el('span', { class: 'quiet' }, source)),
    el('div', { class: 'figures' },
      figure(framework.met, 'met_of', t('met_count', { n: number(count(answers, 'COMPLIANT')), of: number(evaluated) }),
        answerStack(answers, ['COMPLIANT', 'NON_COMPLIANT'], t('met_of'))),
      figure(framework.evaluated, 'evaluated_of', t('evaluated_count', { n: number(evaluated), of: number(applies) }),
        answerStack(answers, ['COMPLIANT', 'NON_COMPLIANT', 'INSUFFICIENT_DATA', 'MANUAL'], t('evaluated_of')))),
    el('p', { class: 'quiet' }, [
      framework.by_hand > 0 ? many('to_check', framework.by_hand) : null,
      framework.score === null ? null : t('framework_score', { n: framework.score.toFixed(1) }),
    ].filter(Boolean).join(state.lang === 'ja' ? '、' : '; ')),
    chips, list);
}

function answerChips(framework, draw) {
  const chosen = narrowedTo.get(framework.id) || '';
  const chip = (answer, name, n) => el('button', {
    type: 'button', class: 'chip', 'data-outcome': answer || null, 'aria-pressed': String(chosen === answer),
    onclick: () => { narrowedTo.set(framework.id, answer); draw(); },
  }, `${name} ${number(n)}`);
  const there = Object.entries(ANSWERS).filter(([answer]) => count(framework.answers, answer) > 0);
  return [chip('', t('all_requirements'), framework.requirements.length),
    ...there.map(([answer, key]) => chip(answer, t(key), count(framework.answers, answer)))];
}

/** The groups around a requirement, from the outside in. */
function around(framework, requirement) {
  const path = [];
  for (let at = requirement.group; at !== undefined && path.length <= framework.groups.length; at = framework.groups[at].within) {
    path.unshift(framework.groups[at]);
  }
  return path;
}

/** A foldable part for each outermost chapter; requirements that stand in none come as they are. */
function chapters(framework) {
  const answer = narrowedTo.get(framework.id) || '';
  const parts = new Map();
  for (const requirement of framework.requirements) {
    if (answer && requirement.answer !== answer) continue;
    const path = around(framework, requirement);
    const key = path[0] || null;
    if (!parts.has(key)) parts.set(key, []);
    parts.get(key).push({ requirement, path: path.slice(1) });
  }
  return [...parts].map(([group, list]) => (group ? chapter(framework, group, list, answer !== '')
    : el('div', { class: 'requirements' }, requirementList(framework, list))));
}

function chapter(framework, group, list, open) {
  const counts = ['NON_COMPLIANT', 'INSUFFICIENT_DATA'].filter((answer) => count(group.answers, answer) > 0)
    .map((answer) => el('span', { class: 'badge', 'data-outcome': answer }, `${t(ANSWERS[answer])} ${number(count(group.answers, answer))}`));
  const details = el('details', { class: 'chapter', open },
    el('summary', {}, el('span', { class: 'title' }, el('span', { class: 'mono quiet' }, group.id), ' ', inLang(group.title)),
      el('span', { class: 'counts' }, counts), answerStack(group.answers, ['COMPLIANT', 'NON_COMPLIANT', 'INSUFFICIENT_DATA', 'MANUAL', 'NOT_APPLICABLE'], inLang(group.title)),
      el('b', { class: 'percent' }, percentage(group.met))));
  const body = () => { if (details.children.length === 1) details.append(el('div', { class: 'requirements' }, requirementList(framework, list))); };
  details.addEventListener('toggle', () => { if (details.open) body(); });
  if (open) body();
  return details;
}

function requirementList(framework, list) {
  let last = '';
  return list.map(({ requirement, path }) => {
    const heading = path.map((group) => `${group.id} ${inLang(group.title)}`).join(' / ');
    const changed = heading !== last;
    last = heading;
    return [changed && heading ? el('h4', {}, heading) : null, requirementRow(framework, requirement)];
  });
}

function requirementRow(framework, requirement) {
  const { answer } = requirement;
  const accounts = sum(Object.values(requirement.accounts));
  const failing = ['NON_COMPLIANT', 'INSUFFICIENT_DATA'].includes(answer);
  const details = el('details', { class: 'requirement', 'data-outcome': answer },
    el('summary', {}, el('span', { class: 'badge' }, t(ANSWERS[answer])), el('span', { class: 'mono number' }, requirement.id),
      el('span', { class: 'title' }, inLang(requirement.title)),
      el('span', { class: 'spread' }, failing ? t('not_met_in', { n: number(count(requirement.accounts, answer)), of: number(accounts) }) : '')));
  details.addEventListener('toggle', () => {
    if (details.open && details.children.length === 1) details.append(requirementBody(framework, requirement));
  });
  return details;
}

function requirementBody(framework, requirement) {
  const marks = [requirement.level === undefined ? null : t('level', { n: requirement.level }), ...(requirement.tags || [])].filter(Boolean);
  return el('div', { class: 'about' },
    (requirement.doubts || []).length > 0 && [el('h5', {}, t('reason')),
      el('ul', {}, requirement.doubts.map((doubt) => el('li', {}, doubt[LANGS.indexOf(state.lang)])))],
    requirement.rules.length > 0 && [el('h5', {}, t('answering_rules')), el('ul', { class: 'answering' }, requirement.rules.map((id) => answeringRule(framework, id)))],
    requirement.manual && [el('h5', {}, t('check_by_hand')), el('p', {}, inLang(requirement.manual))],
    marks.length > 0 && el('p', { class: 'marks' }, marks.map((mark) => el('span', { class: 'tag' }, mark))));
}

function answeringRule(framework, id) {
  const said = framework.rules[id];
  const rule = said && said.rule !== undefined ? page.rules[said.rule] : null;
  if (!rule) return el('li', {}, el('span', { class: 'mono' }, id), ' ', el('span', { class: 'doubt' }, t('rule_unused')));
  const found = (outcome, key) => {
    const n = count(said.evaluations, outcome);
    if (n === 0) return null;
    const accounts = count(said.accounts, outcome);
    const text = [many(key, n), accounts === 0 ? null : accounts === 1 ? t('in_account') : t('in_accounts', { n: number(accounts) })]
      .filter(Boolean).join(state.lang === 'ja' ? '、' : ', ');
    return page.included.includes(outcome)
      ? el('button', { type: 'button', class: 'link', onclick: () => narrow({ outcome, text: id }) }, text) : el('span', { class: 'quiet' }, text);
  };
  const shown = [found('NON_COMPLIANT', 'violation_count'), found('INSUFFICIENT_DATA', 'unknown_count')].filter(Boolean);
  return el('li', {}, el('i', { class: 'dot', 'data-outcome': said.answer }), inLang(rule.text).title, ' ', el('span', { class: 'mono quiet' }, id), ' ',
    shown.length > 0 ? shown : said.answer === 'NOT_APPLICABLE' ? el('span', { class: 'quiet' }, t('nothing_judged')) : null);
}
