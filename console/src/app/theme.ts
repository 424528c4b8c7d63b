// Light, dark, or as the system says. Kept in the browser.
import { useSyncExternalStore } from 'react'

export type Theme = 'system' | 'light' | 'dark'

const stored = 'yagura.theme'
const watchers = new Set<() => void>()

function kept(): Theme {
  const value = localStorage.getItem(stored)
  return value === 'light' || value === 'dark' ? value : 'system'
}

let theme = kept()
show()

function show() {
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}

export function setTheme(next: Theme) {
  theme = next
  localStorage.setItem(stored, next)
  show()
  for (const tell of watchers) tell()
}

export function useTheme(): Theme {
  return useSyncExternalStore(
    (tell) => {
      watchers.add(tell)
      return () => watchers.delete(tell)
    },
    () => theme,
  )
}
