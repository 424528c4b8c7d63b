// What the list asks for: pages of findings, and how many there are.
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { answer, client } from '../../api/client'
import type { Filter } from './search'

export function countsQuery(filter: Partial<Filter>) {
  return queryOptions({
    queryKey: ['findings', 'counts', filter],
    queryFn: ({ signal }) => answer(client.GET('/api/findings/counts', { params: { query: filter }, signal })),
    // Numbers change in place; nothing jumps while a filter is narrowed.
    placeholderData: keepPreviousData,
  })
}

export function findingsQuery(filter: Partial<Filter>, order?: 'newest' | 'oldest') {
  return infiniteQueryOptions({
    queryKey: ['findings', 'list', filter, order],
    queryFn: ({ pageParam, signal }) =>
      answer(
        client.GET('/api/findings', {
          params: { query: { ...filter, order, limit: 100, after: pageParam } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.Next ?? undefined,
    placeholderData: keepPreviousData,
  })
}
