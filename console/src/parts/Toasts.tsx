// Short messages about what was done, or why it was not. They go by themselves; errors stay longer.
import { AlertTriangle, Check } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { useProblemWords } from './States'
import styles from './Toasts.module.css'

type Toast = { id: number; tone: 'good' | 'bad'; title: string; detail: string }

let toasts: Toast[] = []
let last = 0
const watchers = new Set<() => void>()

function set(next: Toast[]) {
  toasts = next
  for (const it of watchers) it()
}

function show(tone: Toast['tone'], title: string, detail: string) {
  last += 1
  const id = last
  set([...toasts.slice(-3), { id, tone, title, detail }])
  setTimeout(() => set(toasts.filter((it) => it.id !== id)), tone === 'good' ? 4_000 : 10_000)
}

/** Ways to tell the reader how something ended. */
export function useTell() {
  const words = useProblemWords()
  return {
    done: (title: string, detail = '') => show('good', title, detail),
    failed: (error: unknown) => {
      const { title, detail } = words(error)
      show('bad', title, detail)
    },
  }
}

export function Toasts() {
  const shown = useSyncExternalStore(
    (it) => {
      watchers.add(it)
      return () => watchers.delete(it)
    },
    () => toasts,
  )
  return (
    <div className={styles.toasts} aria-live="polite">
      {shown.map(({ id, tone, title, detail }) => (
        <div key={id} className={`${styles.toast} ${styles[tone]}`}>
          {tone === 'good' ? <Check size={14} aria-hidden="true" /> : <AlertTriangle size={14} aria-hidden="true" />}
          <span>
            {title}
            {detail && <div className={styles.detail}>{detail}</div>}
          </span>
        </div>
      ))}
    </div>
  )
}
