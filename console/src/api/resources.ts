// Resources by their key: the address of one's page, and what several pages ask about it.
import { queryOptions } from '@tanstack/react-query'
import { answer, client, type Schemas } from './client'

export type ResourceKey = Schemas['ResourceKey']
export type KeySearch = { account: string; region: string; type: string; id: string }

/** What the address of a resource's page holds. */
export function keySearch(key: ResourceKey): KeySearch {
  return { account: key.Account, region: key.Region, type: key.ResourceType, id: key.Id }
}

export function keyText(key: ResourceKey): string {
  return [key.Account, key.Region, key.ResourceType, key.Id].join(' ')
}

/** What a resource is called: its name, or its id where it has none. */
export function lineName(line: { Name?: string; Key: ResourceKey }): string {
  return cut(line.Name || line.Key.Id)
}

/** Names are short. Browsers take seconds to break ten thousand characters into narrow lines. */
export function cut(text: string, most = 500): string {
  return text.length > most ? `${text.slice(0, most)}…` : text
}

export function versionsQuery(key: KeySearch) {
  return queryOptions({
    queryKey: ['resource', 'versions', key],
    queryFn: async () => (await answer(client.GET('/api/resources/versions', { params: { query: key } }))).Versions,
  })
}

export function relatedQuery(key: KeySearch) {
  return queryOptions({
    queryKey: ['resource', 'related', key],
    queryFn: () => answer(client.GET('/api/resources/related', { params: { query: key } })),
  })
}
