// The present, as the server goes by it. A reader's clock may be wrong, and the demonstration lives in the time of its
// recording: what the server told when it was last asked who signed in is what ages and dates are counted from.
import { useEffect, useState } from 'react'

/** How far the server's clock is before the reader's, in milliseconds. */
let ahead = 0

/** Remembers what time it is at the server, which has answered just now. */
export function setClock(now: string) {
  ahead = Date.parse(now) - Date.now()
}

/** The present moment, in milliseconds since 1970. */
export function present(): number {
  return Date.now() + ahead
}

/** The present moment, once a minute, so that "5 min. ago" stays true. */
export function useNow(): number {
  const [now, setNow] = useState(present)
  useEffect(() => {
    const timer = setInterval(() => setNow(present()), 60_000)
    return () => clearInterval(timer)
  }, [])
  return now
}
