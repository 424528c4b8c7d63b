// What the page of a finding asks for.
import { queryOptions } from '@tanstack/react-query'
import { answer, client } from '../../api/client'

export function findingQuery(id: string) {
  return queryOptions({
    queryKey: ['finding', id],
    queryFn: () => answer(client.GET('/api/findings/{id}', { params: { path: { id } } })),
  })
}
