// What several pages ask for. What only one page asks for stands beside that page.
import { QueryClient, queryOptions } from '@tanstack/react-query'
import { setClock } from '../app/clock'
import { answer, client, keepCsrf, ProblemError, type Schemas } from './client'

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      gcTime: 15 * 60_000,
      refetchOnWindowFocus: true,
      // Refusals stay refusals; only what may pass by itself is tried again.
      retry: (tries, error) =>
        tries < 2 && error instanceof ProblemError && (error.status === 0 || error.status === 503),
    },
  },
})

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  staleTime: 5 * 60_000,
  queryFn: async () => {
    const session = await answer(client.GET('/api/session'))
    keepSession(session)
    return session
  },
})

function keepSession({ Csrf: csrf, Now: now }: Schemas['Session']) {
  keepCsrf(csrf)
  setClock(now)
}

/** Somebody has signed in: nothing of whoever was here before is left. */
export function beginSession(session: Schemas['Session']) {
  keepSession(session)
  queries.clear()
  queries.setQueryData(sessionQuery.queryKey, session)
}

export const setupQuery = queryOptions({
  queryKey: ['setup'],
  staleTime: 0,
  queryFn: () => answer(client.GET('/api/setup')),
})

/** The identity providers that people may sign in through. */
export const providersQuery = queryOptions({
  queryKey: ['providers'],
  staleTime: 5 * 60_000,
  queryFn: async () => (await answer(client.GET('/api/session/providers'))).Providers,
})

/** Every rule's and detection's title: lists name findings by it. Changes with the binary only. */
export const rulesQuery = queryOptions({
  queryKey: ['rules'],
  staleTime: 60 * 60_000,
  queryFn: async () => (await answer(client.GET('/api/rules'))).Rules,
})

export const accountsQuery = queryOptions({
  queryKey: ['accounts'],
  queryFn: async () => (await answer(client.GET('/api/accounts'))).Accounts,
})

export const projectsQuery = queryOptions({
  queryKey: ['projects'],
  queryFn: async () => (await answer(client.GET('/api/projects'))).Projects,
})

export const scansQuery = queryOptions({
  queryKey: ['scans'],
  queryFn: async () => (await answer(client.GET('/api/scans'))).Scans,
})
