// What happens on the server while a page is open. Lists are not changed under the reader's hands: they are told how
// much is new, and the reader asks for it.
import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import type { Schemas } from './client'

type News = { count: number; isMany: boolean }

let news: News = { count: 0, isMany: false }
const watchers = new Set<() => void>()

function tell(next: News) {
  news = next
  for (const it of watchers) it()
}

export const jobsKey = ['jobs']

/** A job began, came further, or ended. How far it has come stands in the event itself; the rest is asked for. */
function hearOfJob(cache: QueryClient, { Name: name, End: end, Done: done, Total: total }: Schemas['JobNews']) {
  const known = cache.getQueryData<Schemas['JobState'][]>(jobsKey)
  const isShown = known?.some((it) => it.Name === name && it.Running) ?? false
  if (typeof done === 'number' && isShown) {
    const further = (it: Schemas['JobState']) =>
      it.Name === name && it.Running ? { ...it, Running: { ...it.Running, Done: done, Total: total ?? null } } : it
    cache.setQueryData<Schemas['JobState'][]>(jobsKey, (jobs) => jobs?.map(further))
    return
  }
  cache.invalidateQueries({ queryKey: jobsKey })
  if (name !== 'scan' || !end) return
  // What only a scan changes, and nobody works on line by line.
  for (const it of ['scans', 'home']) cache.invalidateQueries({ queryKey: [it] })
}

/** Follows the stream for as long as somebody is signed in. Used once, by the shell. */
export function useEventStream(reader: string) {
  const cache = useQueryClient()
  useEffect(() => {
    const stream = new EventSource('/api/events')
    const findings = new Set<string>()
    stream.addEventListener('finding', (event: MessageEvent<string>) => {
      const { Finding: id, Who: who } = JSON.parse(event.data) as Schemas['FindingNews']
      // The page of that very finding may be open: it is asked for again at once.
      cache.invalidateQueries({ queryKey: ['finding', id] })
      // What the reader did is no news to the reader.
      if (who === reader) return
      findings.add(id)
      tell({ count: findings.size, isMany: false })
    })
    stream.addEventListener('many', () => tell({ count: 0, isMany: true }))
    stream.addEventListener('job', (event: MessageEvent<string>) => hearOfJob(cache, JSON.parse(event.data)))
    // What jobs did while nobody listened is not told afterwards.
    stream.addEventListener('open', () => cache.invalidateQueries({ queryKey: jobsKey }))
    const forget = () => findings.clear()
    window.addEventListener('yagura-news-read', forget)
    return () => {
      stream.close()
      window.removeEventListener('yagura-news-read', forget)
    }
  }, [cache, reader])
}

/** How much happened since the reader last asked for it. */
export function useNews(): News {
  return useSyncExternalStore(
    (it) => {
      watchers.add(it)
      return () => watchers.delete(it)
    },
    () => news,
  )
}

/** The reader has seen, or will now see, everything. */
export function readNews() {
  window.dispatchEvent(new Event('yagura-news-read'))
  tell({ count: 0, isMany: false })
}
