// Words of sign-in and of the first administrator.
export const entrance = {
  signIn: 'Sign in',
  signInTitle: 'Sign in to Yagura',
  name: 'User name',
  password: 'Password',
  code: 'Authenticator code',
  codeHint: 'Only if you set up an authenticator: the six digits it shows now.',
  wrong: 'User name, password or code is wrong, or the user may not sign in.',
  setupTitle: 'Make the first administrator',
  setupLead: 'Nobody can sign in yet. The server printed a secret when it started; it works once.',
  secret: 'Secret',
  secretHint: 'In the output of `yagura serve`, behind "Secret".',
  passwordHint: 'At least 15 characters.',
  passwordAgain: 'Password, again',
  passwordsDiffer: 'The two passwords differ',
  make: 'Make administrator and sign in',
  done: 'The first administrator exists already.',
  toSignIn: 'Go to sign-in',
  ownPasswordTitle: 'Choose a password of your own',
  ownPasswordLead: (name: string) =>
    `You signed in as ${name} with a password that somebody else gave you. Change it before you go on.`,
  givenPassword: 'Password you were given',
  newPassword: 'New password',
  newPasswordAgain: 'New password, again',
  samePassword: 'The new password is the one you were given',
  changeAndGoOn: 'Change password and go on',
  notNow: 'Sign out',
  or: 'or',
  signInWith: (provider: string) => `Sign in with ${provider}`,
  troubles: {
    'openid-unreachable': {
      title: 'The identity provider does not answer',
      detail: 'Try again in a few minutes. If it stays so, tell an administrator: the log of Yagura says why.',
    },
    'openid-expired': {
      title: 'It took too long',
      detail: 'A sign-in has to be finished within ten minutes, in the window in which it began. Sign in again.',
    },
    'openid-denied': {
      title: 'The identity provider did not let you through',
      detail: 'You stopped there, or may not use Yagura. Ask whoever looks after the identity provider, or try again.',
    },
    'openid-token': {
      title: 'What the identity provider said about you cannot be trusted',
      detail: 'This takes an administrator: the log of Yagura says what is wrong with its token.',
    },
    'openid-no-group': {
      title: 'You are in no group that may use Yagura',
      detail: 'Ask for one at whoever looks after the groups in your company, then sign in again.',
    },
    'openid-disabled': {
      title: 'Your user is disabled',
      detail: 'An administrator can enable it again under Settings, Users.',
    },
    'openid-name': {
      title: 'There is another user of your name',
      detail: 'Ask an administrator to remove that user, or to have you called otherwise at the identity provider.',
    },
    'openid-last-administrator': {
      title: 'You are the last administrator, and your groups would make you something else',
      detail: 'Make somebody else administrator first, or have your groups changed, then sign in again.',
    },
    'openid-not-set-up': {
      title: 'Nobody has set up Yagura yet',
      detail:
        'The first to sign in has to be an administrator: of a group that makes administrators, or with the secret that the server printed.',
    },
    'openid-too-many': {
      title: 'Too many tries',
      detail: 'Too many sign-ins from your network failed. Wait a quarter of an hour, then try again.',
    },
  },
  claim: 'The watchtower of your AWS organisation',
}
