// What the first page asks for: everything in one answer.
import { queryOptions } from '@tanstack/react-query'
import { answer, client } from '../../api/client'

export const homeQuery = queryOptions({
  queryKey: ['home'],
  queryFn: () => answer(client.GET('/api/home')),
  // Somebody may leave this page open on a wall.
  refetchInterval: 5 * 60_000,
})
