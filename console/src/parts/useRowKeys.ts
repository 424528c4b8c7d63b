// Walking through a list with the keyboard: `j` and `k` move, Enter or `o` opens, `x` selects.
import { useEffect, useRef, useState } from 'react'

type Rows = {
  count: number
  show: (index: number) => void
  open: (index: number) => void
  select?: ((index: number) => void) | undefined
}

/** Whether keys are meant for something that is written into, or for a dialog. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement
  return (
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    target.isContentEditable ||
    /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) ||
    document.querySelector('[role="dialog"], [role="menu"], [role="listbox"]') !== null
  )
}

export function useRowKeys(rows: Rows): number {
  const [active, setActive] = useState(-1)
  const latest = useRef({ rows, active })
  latest.current = { rows, active }
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const isBox = (event.target as HTMLInputElement).type === 'checkbox'
      if (isTyping(event) && !isBox) return
      const { rows, active } = latest.current
      const step = event.key === 'j' ? 1 : event.key === 'k' ? -1 : 0
      if (step !== 0 && rows.count > 0) {
        const next = Math.min(Math.max(active + step, 0), rows.count - 1)
        setActive(next)
        rows.show(next)
        event.preventDefault()
      } else if (active >= 0 && event.key === 'x' && rows.select) {
        rows.select(active)
        event.preventDefault()
      } else if (active >= 0 && (event.key === 'o' || (event.key === 'Enter' && event.target === document.body))) {
        rows.open(active)
        event.preventDefault()
      }
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [])
  return active < rows.count ? active : -1
}
