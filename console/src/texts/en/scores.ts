// Words of the scores.
export const scores = {
  title: 'Scores',
  lead: 'How the score changed over comparable scans, where, and because of which rules.',
  tabs: 'By what',
  functions: 'Functions',
  accounts: 'Accounts',
  projects: 'Projects',
  frameworks: 'Frameworks',
  rules: 'Rules that made the difference',
  scans: 'Scans',
  name: 'Name',
  score: 'Score',
  change: 'Change',
  first: 'At first',
  known: 'Known',
  violations: 'Violations',
  rule: 'Rule',
  points: 'Points',
  before: 'Before',
  after: 'After',
  scan: 'Scan',
  unknown: 'Not known',
  percent: (n: string) => `${n} %`,
  judged: (bad: string, of: string) => `${bad} of ${of}`,
  judgedHint: 'Violations, of the resources that were judged',
  from: (first: string, last: string, n: number, scans: string) =>
    n === 1 ? first : `${first} to ${last}, ${scans} scans`,
  notComparable: (n: number, shown: string) =>
    n === 1
      ? 'One scan of this time looked at something else and is left out.'
      : `${shown} scans of this time looked at something else and are left out.`,
  otherRules: (points: string, added: string, removed: string) =>
    `${points} points are of rules that only one of the two scans used: ${added} added, ${removed} removed.`,
  emptyTitle: 'No scan has a score yet',
  empty: 'Run “yagura scan”. From the second scan on, this page shows what changed.',
  nothing: 'No rule made a difference.',
  noProjects: 'No project is defined.',
}
