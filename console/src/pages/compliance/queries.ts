// What the pages of frameworks ask for. It changes with each scan only.
import { queryOptions } from '@tanstack/react-query'
import { answer, client } from '../../api/client'

const staleTime = 5 * 60_000

export const frameworksQuery = queryOptions({
  queryKey: ['frameworks'],
  staleTime,
  queryFn: async () => (await answer(client.GET('/api/frameworks', {}))).Frameworks,
})

export function frameworkQuery(id: string) {
  return queryOptions({
    queryKey: ['frameworks', id],
    staleTime,
    queryFn: () => answer(client.GET('/api/frameworks/{id}', { params: { path: { id } } })),
  })
}

export function requirementQuery(id: string, requirement: string) {
  return queryOptions({
    queryKey: ['frameworks', id, requirement],
    staleTime,
    queryFn: () =>
      answer(client.GET('/api/frameworks/{id}/requirements/{requirement}', { params: { path: { id, requirement } } })),
  })
}
