// Saved views, and how they change.
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, client, type Schemas } from '../../api/client'

export const viewsQuery = queryOptions({
  queryKey: ['views'],
  queryFn: async () => (await answer(client.GET('/api/views'))).Views,
})

type Changed = { view: Schemas['ViewRequest']; replaces?: number }

/** Saves a view; under another name, in place of the one that it was. */
export function useSaveView(onDone: () => void) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: async ({ view, replaces }: Changed) => {
      await answer(client.POST('/api/views', { body: view }))
      if (replaces !== undefined) {
        await answer(client.DELETE('/api/views/{id}', { params: { path: { id: replaces } } }))
      }
    },
    onSuccess: onDone,
    onSettled: () => cache.invalidateQueries({ queryKey: ['views'] }),
  })
}

export function useRemoveView(onDone: () => void) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (id: number) => answer(client.DELETE('/api/views/{id}', { params: { path: { id } } })),
    onSuccess: onDone,
    onSettled: () => cache.invalidateQueries({ queryKey: ['views'] }),
  })
}
