// Keys that work on every page: `/` searches it, `g` and a letter go somewhere, `?` helps, Ctrl+K or ⌘K opens the palette.
import { useRouter } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useMay } from '../api/session'
import { isTyping } from '../parts/useRowKeys'
import { navigation } from './navigation'

/** Keys are called what stands on the reader's keyboard. */
export const isMac = /Mac|iPhone|iPad/.test(navigator.platform)
export const paletteKeys = isMac ? ['⌘', 'K'] : ['Ctrl', 'K']

export const destinations = navigation.flatMap((it) => it.entries)

export function useShortcuts(open: { palette: () => void; help: () => void }) {
  const router = useRouter()
  const may = useMay()
  const latest = useRef({ open, may })
  latest.current = { open, may }
  useEffect(() => {
    let wentAt = 0
    const press = (event: KeyboardEvent) => {
      const { open, may } = latest.current
      if (event.key === 'k' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault()
        open.palette()
        return
      }
      if (isTyping(event)) return
      if (event.timeStamp - wentAt < 1_500) {
        wentAt = 0
        const entry = destinations.find((it) => it.key === event.key)
        if (entry && may(entry.needs)) {
          event.preventDefault()
          void router.navigate({ to: entry.to })
          return
        }
      }
      if (event.key === 'g') wentAt = event.timeStamp
      else if (event.key === '?') open.help()
      else if (event.key === '/') {
        event.preventDefault()
        const field = document.querySelector<HTMLInputElement>('[data-page-search]')
        if (field) field.select()
        else open.palette()
      }
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [router])
}
