// Ending one's session.
import { useRouter } from '@tanstack/react-router'
import { client } from '../api/client'
import { queries } from '../api/queries'

/** Signs out; whoever signs in again is led back to this place. */
export function useSignOut() {
  const router = useRouter()
  return async (back?: string) => {
    await client.DELETE('/api/session').catch(() => undefined)
    queries.clear()
    await router.navigate({ to: '/sign-in', search: back === undefined ? {} : { back } })
  }
}
