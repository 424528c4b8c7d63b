// Jobs and sources. What jobs do, the stream of events tells; sources read all the time, and are asked for again.
import { queryOptions } from '@tanstack/react-query'
import { answer, client } from '../../api/client'
import { jobsKey } from '../../api/events'

export const jobsQuery = queryOptions({
  queryKey: jobsKey,
  staleTime: 1_000,
  queryFn: async () => (await answer(client.GET('/api/jobs'))).Jobs,
})

export const sourcesQuery = queryOptions({
  queryKey: ['sources'],
  staleTime: 1_000,
  refetchInterval: 10_000,
  queryFn: async () => (await answer(client.GET('/api/sources'))).Sources,
})
