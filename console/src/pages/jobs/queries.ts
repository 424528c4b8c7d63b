// Jobs and sources, asked for again while the page is open: what runs changes by itself.
import { queryOptions } from '@tanstack/react-query'
import { answer, client } from '../../api/client'

export const jobsQuery = queryOptions({
  queryKey: ['jobs'],
  staleTime: 1_000,
  refetchInterval: (query) => (query.state.data?.some((it) => it.Running) ? 2_000 : 15_000),
  queryFn: async () => (await answer(client.GET('/api/jobs'))).Jobs,
})

export const sourcesQuery = queryOptions({
  queryKey: ['sources'],
  staleTime: 1_000,
  refetchInterval: 10_000,
  queryFn: async () => (await answer(client.GET('/api/sources'))).Sources,
})
