// Words of deliveries: the messages to people.
export const deliveries = {
  title: 'Deliveries',
  lead: 'Messages to the people of each project: what was sent, what waits, and what did not arrive.',
  tabs: { all: 'All', WAITING: 'Waiting', SENT: 'Sent', DEAD: 'Given up' },
  states: { WAITING: 'Waiting', SENT: 'Sent', DEAD: 'Given up' },
  message: 'Message',
  kinds: { alert: 'Alert', digest: 'Summary', test: 'Trial message' },
  destination: 'To',
  state: 'State',
  made: 'Made',
  sent: (when: string) => `sent ${when}`,
  next: (when: string) => `next try ${when}`,
  tries: (n: number) => (n === 1 ? '1 try' : `${n} tries`),
  rules: (first: string, more: number) => (more > 0 ? `${first} and ${more} more rules` : first),
  resend: 'Send again',
  resent: 'It is sent again with the next run',
  arrived: 'It has arrived: it is not sent twice',
  noMore: (n: string) => `The newest ${n} are shown`,
  emptyTitle: 'No message was drawn up yet',
  empty: 'Say in yagura.toml where projects hear of their findings, then run “yagura notify run” after each scan.',
  nothingFound: 'No message is in this state',
  nothingDead: 'Everything that was drawn up has arrived, or is still being tried.',
  failures: (n: number, shown: string) =>
    n === 1
      ? '1 message did not arrive and is not tried any more.'
      : `${shown} messages did not arrive and are not tried any more.`,
  failuresHint: 'Put right what the error says, then send them again.',
  search: 'Project, destination, rule or error',
}
