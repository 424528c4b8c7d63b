// What is open, new, ended, overdue and with nobody: five numbers, each of which leads to its list.
import { Link, type LinkProps } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Schemas } from '../../api/client'
import { present } from '../../app/clock'
import { SeverityCounts } from '../../parts/Severity'
import { useFormats } from '../../texts/format'
import styles from './Amounts.module.css'
import { useHomeTexts } from './words'

type Amount = {
  name: string
  /** Over what time. */
  hint?: string
  title?: string
  of: Schemas['Amount']
  search: LinkProps['search']
  isBad?: boolean
}

export function Amounts({ of: home }: { of: Schemas['Home'] }) {
  const t = useHomeTexts()
  const format = useFormats()
  const yesterday = useMemo(() => new Date(present() - 24 * 60 * 60_000).toISOString().slice(0, 19).concat('Z'), [])
  const amounts: Amount[] = [
    { name: t.fresh, hint: t.day, of: home.New, search: { since: yesterday } },
    { name: t.ended, hint: t.day, of: home.Ended, search: { status: 'archived', ended: yesterday } },
    { name: t.open, of: home.Open, search: {} },
    { name: t.overdue, title: t.overdueHint, of: home.Overdue, search: { overdue: true }, isBad: true },
    { name: t.unassigned, of: home.Unassigned, search: { unassigned: true } },
  ]
  return (
    <section aria-label={t.state}>
      <ul className={styles.amounts}>
        {amounts.map(({ name, hint, title, of, search, isBad }) => (
          <li key={name}>
            <Link to="/findings" search={search as never} className={styles.amount ?? ''} title={title}>
              <span className={styles.name}>
                {name}
                {hint && <span className={styles.hint}>{hint}</span>}
              </span>
              <span className={`${styles.number} ${isBad && of.Total > 0 ? styles.bad : ''}`}>
                {format.number(of.Total)}
              </span>
              <SeverityCounts of={of.Severities} />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}
