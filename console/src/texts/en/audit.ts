// Words of the audit log.
export const audit = {
  title: 'Audit log',
  lead: 'Every change and sign-in, also those that were refused. Nothing here can be changed.',
  who: 'Who',
  filter: 'User name, exactly',
  when: 'When',
  action: 'Action',
  what: 'What',
  from: 'From',
  outcome: 'Outcome',
  done: 'Done',
  refused: (status: string) => `Refused (${status})`,
  unfinished: 'Not finished',
  nobody: 'Nobody',
  older: 'Show older entries',
  emptyTitle: 'Nothing stands here',
  empty: 'Nobody of that name has changed anything or tried to.',
}
