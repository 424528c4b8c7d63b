// What happens on the server while a page is open. Lists are not changed under the reader's hands: they are told how
// much is new, and the reader asks for it.
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState, useSyncExternalStore } from 'react'
import type { Schemas } from './client'

type News = { count: number; isMany: boolean }

let news: News = { count: 0, isMany: false }
const watchers = new Set<() => void>()

function tell(next: News) {
  news = next
  for (const it of watchers) it()
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

/** The present moment, once a minute, so that "5 min. ago" stays true. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 60_000)
    return () => clearInterval(timer)
  }, [])
  return now
}
