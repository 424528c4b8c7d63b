// What stands where a list or a page is not (yet): loading, nothing there, went wrong.
import { AlertTriangle, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { ProblemError } from '../api/client'
import { useCommon } from '../texts/common'
import { Button } from './Button'
import styles from './States.module.css'

export function Skeleton({ width = '100%', height = '0.875rem' }: { width?: string; height?: string }) {
  return <span className={styles.skeleton} style={{ width, height }} />
}

/** Rows to come, as high as they will be, so that nothing jumps. */
export function SkeletonRows({ rows = 8 }: { rows?: number }) {
  const t = useCommon()
  return (
    <div className={styles.rows} role="status">
      <span className="hidden-visually">{t.loading}</span>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={`row ${String(row)}`} width={`${96 - ((row * 37) % 45)}%`} height="1.125rem" />
      ))}
    </div>
  )
}

type EmptyProps = { icon: LucideIcon; title: string; children?: ReactNode; action?: ReactNode }

/** Nothing is here; what to do next. */
export function Empty({ icon: Icon, title, children, action }: EmptyProps) {
  return (
    <div className={styles.state}>
      <Icon size={22} strokeWidth={1.5} aria-hidden="true" />
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {action && <div className={styles.what}>{action}</div>}
    </div>
  )
}

/** The words for an error: the server's own, or ours where nobody answered. */
export function useProblemWords(): (error: unknown) => {
  title: string
  detail: string
  /** What the server says is English. */
  lang?: 'en'
} {
  const t = useCommon()
  return (error) => {
    if (!(error instanceof ProblemError)) return { title: t.failed, detail: String(error) }
    if (error.status === 0) return { title: t.noNetwork, detail: t.noNetworkDetail }
    const known = (t.problems as Record<string, string | undefined>)[error.code]
    return { title: known ?? error.title, detail: error.detail, lang: 'en' }
  }
}

export function Failed({ error, retry }: { error: unknown; retry?: () => void }) {
  const t = useCommon()
  const { title, detail, lang } = useProblemWords()(error)
  return (
    <div className={styles.state} role="alert">
      <AlertTriangle size={22} strokeWidth={1.5} aria-hidden="true" />
      <h2>{title}</h2>
      <p lang={lang}>{detail}</p>
      {retry && (
        <div className={styles.what}>
          <Button onPress={retry}>{t.retry}</Button>
        </div>
      )}
    </div>
  )
}

type NoteProps = { error?: unknown; title?: string; detail?: string; tone?: 'bad' | 'warn' }

/** What went wrong with a form, above its buttons; or what a reader of a page has to know first. */
export function Note({ error, title: said, detail: more = '', tone = 'bad' }: NoteProps) {
  const words = useProblemWords()
  if (said === undefined && (error === null || error === undefined)) return null
  const { title, detail, lang } = said === undefined ? words(error) : { title: said, detail: more, lang: undefined }
  return (
    <div className={`${styles.note} ${tone === 'warn' ? styles.warn : ''}`} role={tone === 'warn' ? 'note' : 'alert'}>
      <AlertTriangle size={14} aria-hidden="true" />
      <span>
        <strong>{title}</strong>
        {detail && <br />}
        <span lang={lang}>{detail}</span>
      </span>
    </div>
  )
}

type Asked<T> = { data: T | undefined; error: unknown; isPending: boolean; refetch: () => unknown }

/** One of the three, or what was asked for. */
export function Loaded<T>({
  from,
  skeleton,
  children,
}: {
  from: Asked<T>
  skeleton?: ReactNode
  children: (data: T) => ReactNode
}) {
  if (from.data !== undefined) return children(from.data)
  if (from.error) return <Failed error={from.error} retry={() => from.refetch()} />
  return skeleton ?? <SkeletonRows />
}
