// Which findings are selected: some by hand, or all that the filter means.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Selection } from '../../parts/DataTable'

export type Chosen = { ids: ReadonlySet<string>; isAll: boolean }

const nothing: Chosen = { ids: new Set(), isAll: false }

/** `keys` are those on the page, in order; `scope` is the filter: another one begins anew. */
export function useSelection(keys: readonly string[], scope: string) {
  const [chosen, setChosen] = useState<Chosen>(nothing)
  const last = useRef<string | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was selected under another filter is not meant any more
  useEffect(() => setChosen(nothing), [scope])
  const toggle = useCallback(
    (key: string, mode?: string) => {
      const from = last.current === null ? -1 : keys.indexOf(last.current)
      const to = keys.indexOf(key)
      setChosen(({ ids, isAll }) => {
        const before = isAll ? new Set(keys) : new Set(ids)
        const range = mode === 'range' && from >= 0 ? keys.slice(Math.min(from, to), Math.max(from, to) + 1) : [key]
        const isOn = !before.has(key)
        for (const it of range) {
          if (isOn) before.add(it)
          else before.delete(it)
        }
        return { ids: before, isAll: false }
      })
      last.current = key
    },
    [keys],
  )
  const selection = useMemo((): Selection => {
    const allChecked = chosen.isAll || (keys.length > 0 && keys.every((it) => chosen.ids.has(it)))
    return {
      has: (key) => chosen.isAll || chosen.ids.has(key),
      toggle,
      allChecked,
      toggleAll: () => setChosen(allChecked ? nothing : { ids: new Set(keys), isAll: false }),
    }
  }, [chosen, keys, toggle])
  return {
    chosen,
    selection,
    clear: () => setChosen(nothing),
    chooseAll: () => setChosen({ ids: new Set(), isAll: true }),
  }
}
