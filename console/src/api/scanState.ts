// How an account fared in the last scan.
import type { Schemas } from './client'

export type Fared = {
  state: 'SCANNED' | 'SKIPPED' | 'UNREACHABLE'
  reason?: Schemas['AccountStatus'] | undefined
  error?: string | undefined
  role?: string | undefined
}

export function faredOf(account: Schemas['AccountDetail']): Fared | undefined {
  const told = account.Scan?.State
  if (!told) return undefined
  return {
    state: told.State,
    reason: 'Reason' in told ? told.Reason : undefined,
    error: 'Error' in told ? told.Error : undefined,
    role: 'Role' in told ? (told.Role ?? undefined) : undefined,
  }
}
