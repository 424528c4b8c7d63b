// How bad something is: by colour, by shape and by word, so that none of them is needed alone.
import type { Schemas } from '../api/client'
import { useCommon } from '../texts/common'
import { useFormats } from '../texts/format'
import styles from './Severity.module.css'

export type SeverityName = Schemas['Severity']

export const severities: SeverityName[] = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'INFORMATIONAL']

/** An octagon, a triangle, a diamond, a disc, a ring: told apart without colour. */
function Shape({ of }: { of: SeverityName }) {
  return (
    <svg width="12" height="12" viewBox="0 0 12 12" fill="currentColor" aria-hidden="true">
      {of === 'CRITICAL' && (
        <path
          d="M3.6.3h4.8l3.3 3.3v4.8l-3.3 3.3H3.6L.3 8.4V3.6zM5.2 2.6l.25 4.4h1.1l.25-4.4zm.8 5a.9.9 0 1 0 0 1.8.9.9 0 0 0 0-1.8z"
          fillRule="evenodd"
        />
      )}
      {of === 'HIGH' && <path d="M6 .9 11.7 11H.3z" />}
      {of === 'MEDIUM' && <path d="M6 .5 11.5 6 6 11.5.5 6z" />}
      {of === 'LOW' && <circle cx="6" cy="6" r="4.2" />}
      {of === 'INFORMATIONAL' && (
        <path
          d="M6 1.8a4.2 4.2 0 1 0 0 8.4 4.2 4.2 0 0 0 0-8.4zm0 1.5a2.7 2.7 0 1 1 0 5.4 2.7 2.7 0 0 1 0-5.4z"
          fillRule="evenodd"
        />
      )}
    </svg>
  )
}

export function Severity({ of, look = 'text' }: { of: SeverityName; look?: 'text' | 'badge' | 'mark' }) {
  const t = useCommon()
  return (
    <span className={`${styles.severity} ${styles[of]} ${look === 'badge' ? styles.badge : ''}`} title={t.severity[of]}>
      <Shape of={of} />
      <span className={look === 'mark' ? 'hidden-visually' : ''}>
        {(look === 'badge' ? t.severity : t.severityShort)[of]}
      </span>
    </span>
  )
}

type Counts = Record<string, number | undefined>

/** How many of each, the worst first; nothing for those that there are none of. */
export function SeverityCounts({ of }: { of: Counts }) {
  const t = useCommon()
  const format = useFormats()
  return (
    <span className={styles.counts}>
      {severities
        .filter((it) => (of[it] ?? 0) > 0)
        .map((it) => (
          <span key={it} className={styles.count} title={t.severity[it]}>
            <span className={`${styles.severity} ${styles[it]}`}>
              <Shape of={it} />
              <span className="hidden-visually">{t.severity[it]}</span>
            </span>
            {format.number(of[it] ?? 0)}
          </span>
        ))}
    </span>
  )
}

/** The same as a picture; the numbers stand beside it. */
export function SeverityBar({ of }: { of: Counts }) {
  return (
    <span className={styles.bar} aria-hidden="true">
      {severities
        .filter((it) => (of[it] ?? 0) > 0)
        .map((it) => (
          <span key={it} className={styles[it]} style={{ flexGrow: of[it] }} />
        ))}
    </span>
  )
}
