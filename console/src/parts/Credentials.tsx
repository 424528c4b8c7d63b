// What people prove who they are with, each filled in by the browser or its password manager as what it is.
import type { ReactNode } from 'react'
import { TextField } from './Field'

type Props = { label: string; hint?: ReactNode; value: string; onChange: (value: string) => void; autoFocus?: boolean }

export function UserName(props: Props) {
  return <TextField {...props} autoComplete="username" autoCapitalize="none" spellCheck={false} required />
}

/** The password that one has. */
export function Password(props: Props) {
  return <TextField {...props} type="password" autoComplete="current-password" required />
}

/** One to be. The server wants as many characters. */
export function NewPassword(props: Props) {
  return <TextField {...props} type="password" autoComplete="new-password" minLength={15} required />
}

/** The code that an authenticator shows. */
export function AuthenticatorCode(props: Props & { required?: boolean }) {
  return <TextField {...props} inputMode="numeric" autoComplete="one-time-code" />
}
