// By how much a score changed: by sign, arrow and colour.
import { useFormats } from '../texts/format'
import styles from './Change.module.css'

type Props = { of: number | null | undefined; title?: string | undefined; digits?: number }

export function Change({ of, title, digits }: Props) {
  const format = useFormats()
  if (of === null || of === undefined) return null
  const look = of > 0 ? styles.good : of < 0 ? styles.bad : styles.same
  return (
    <span className={`${styles.change} ${look}`} title={title}>
      {of !== 0 && (
        <svg width="8" height="8" viewBox="0 0 8 8" fill="currentColor" aria-hidden="true">
          <path d={of > 0 ? 'M4 .8 7.6 7H.4z' : 'M4 7.2.4 1h7.2z'} />
        </svg>
      )}
      {format.change(of, digits)}
    </span>
  )
}

/** A part of a hundred, as a bar; the number stands beside it. */
export function Meter({ of }: { of: number | null | undefined }) {
  return (
    <svg className={styles.meter} viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
      <rect width="100" height="4" className={styles.rest} />
      <rect width={of ?? 0} height="4" className={styles.part} />
    </svg>
  )
}
