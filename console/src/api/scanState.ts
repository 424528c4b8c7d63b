// How an account fared in the last scan. The API's description writes the members of this one type in lower case, its
// answers as everywhere else; both are read until the description is put right.
import type { Schemas } from './client'

export type Fared = {
  state: 'SCANNED' | 'SKIPPED' | 'UNREACHABLE'
  reason?: Schemas['AccountStatus'] | undefined
  error?: string | undefined
  role?: string | undefined
}

type Told = { State: Fared['state'] } & Record<string, unknown>

export function faredOf(account: Schemas['AccountDetail']): Fared | undefined {
  const told = account.Scan?.State as Told | undefined
  if (!told) return undefined
  const read = (name: string) => (told[name] ?? told[name.toLowerCase()]) as string | undefined
  return {
    state: told.State,
    reason: read('Reason') as Schemas['AccountStatus'] | undefined,
    error: read('Error'),
    role: read('Role'),
  }
}
