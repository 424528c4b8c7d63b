// Who signed in, and what they may do. The server decides; the console only explains beforehand.
import { useQuery } from '@tanstack/react-query'
import type { Schemas } from './client'
import { sessionQuery } from './queries'

const order: Schemas['Permission'][] = ['read', 'triage', 'approve', 'administer']

export function useSession(): Schemas['Session'] | undefined {
  return useQuery(sessionQuery).data
}

/** What is needed for something: a permission, or to see the whole organisation, which members of projects do not. */
export type Need = Schemas['Permission'] | 'whole'

/** Whether who signed in may do what needs this. */
export function useMay(): (needed?: Need) => boolean {
  const session = useSession()
  return (needed) => {
    if (needed === undefined) return true
    if (session === undefined) return false
    if (needed === 'whole') return session.User.Role !== 'project-member'
    return order.indexOf(session.Permission) >= order.indexOf(needed)
  }
}
