// What is asked about messages: where people can be told, and what they would read.
import { queryOptions } from '@tanstack/react-query'
import { answer, client, type Schemas } from '../../api/client'

export const destinationsQuery = queryOptions({
  queryKey: ['destinations'],
  staleTime: 60_000,
  queryFn: async () => (await answer(client.GET('/api/destinations'))).Destinations,
})

/** What a message is about. */
export type About = Schemas['MessageAbout']

export function previewQuery(about: About, lang: Schemas['Lang'] | undefined) {
  const meant = 'Finding' in about ? { finding: about.Finding } : { incident: about.Incident }
  return queryOptions({
    queryKey: ['message', about, lang],
    queryFn: async () =>
      (await answer(client.GET('/api/messages/preview', { params: { query: { ...meant, lang } } }))).Text,
  })
}
