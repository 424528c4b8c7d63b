// What the inventory asks for: pages of resources, and how many there are of each type.
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { answer, client } from '../../api/client'
import type { InventorySearch } from './search'

export function resourceCountsQuery(filter: InventorySearch) {
  return queryOptions({
    queryKey: ['resources', 'counts', filter],
    queryFn: ({ signal }) => answer(client.GET('/api/resources/counts', { params: { query: filter }, signal })),
    placeholderData: keepPreviousData,
  })
}

export function resourcesQuery(filter: InventorySearch) {
  return infiniteQueryOptions({
    queryKey: ['resources', 'list', filter],
    queryFn: ({ pageParam, signal }) =>
      answer(client.GET('/api/resources', { params: { query: { ...filter, limit: 200, after: pageParam } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.Next ?? undefined,
    placeholderData: keepPreviousData,
  })
}
