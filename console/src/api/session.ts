// Who signed in, and what they may do. The server decides; the console only explains beforehand.
import { useQuery } from '@tanstack/react-query'
import type { Schemas } from './client'
import { sessionQuery } from './queries'

const order: Schemas['Permission'][] = ['read', 'triage', 'approve', 'administer']

export function useSession(): Schemas['Session'] | undefined {
  return useQuery(sessionQuery).data
}

/** Whether who signed in may do what needs this permission. */
export function useMay(): (needed: Schemas['Permission']) => boolean {
  const session = useSession()
  return (needed) => session !== undefined && order.indexOf(session.Permission) >= order.indexOf(needed)
}
