// Suppressions, and what can be done about them.
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, client, type Schemas } from '../../api/client'

export const suppressionsQuery = queryOptions({
  queryKey: ['suppressions'],
  queryFn: async () => (await answer(client.GET('/api/suppressions'))).Suppressions,
})

/** How many findings one would hide, and of which rules. Asks for nothing. */
export function dryRunQuery(scope: Schemas['Scope'], until: string) {
  return queryOptions({
    queryKey: ['suppressions', 'dry run', scope, until],
    enabled: Object.keys(scope).length > 0 && until !== '',
    staleTime: 10_000,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      answer(
        client.POST('/api/suppressions', {
          body: { Name: 'dry run', Reason: 'dry run', Scope: scope, Until: until, DryRun: true },
          signal,
        }),
      ),
  })
}

function useChanged() {
  const cache = useQueryClient()
  return () =>
    Promise.all([
      cache.invalidateQueries({ queryKey: ['suppressions'] }),
      cache.invalidateQueries({ queryKey: ['findings'] }),
      cache.invalidateQueries({ queryKey: ['finding'] }),
      cache.invalidateQueries({ queryKey: ['resource'] }),
    ])
}

export function useAsk() {
  const changed = useChanged()
  return useMutation({
    mutationFn: (draft: Schemas['SuppressionDraft']) => answer(client.POST('/api/suppressions', { body: draft })),
    onSuccess: changed,
  })
}

export function useApprove() {
  const changed = useChanged()
  return async (name: string) => {
    const done = await answer(client.POST('/api/suppressions/{name}/approve', { params: { path: { name } } }))
    await changed()
    return done
  }
}

export function useRemove() {
  const changed = useChanged()
  return async (name: string) => {
    const done = await answer(client.DELETE('/api/suppressions/{name}', { params: { path: { name } } }))
    await changed()
    return done
  }
}
