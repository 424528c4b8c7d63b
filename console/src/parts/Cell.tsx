// What stands in the first cell of a row: what it is called, and under it by what machines know it.
import { Link, type LinkProps } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import styles from './Cell.module.css'

/** The link to which the whole row leads. */
export function RowLink({ children, ...to }: LinkProps & { children: ReactNode }) {
  return (
    <Link {...to} className={styles.name} data-row-link="">
      {children}
    </Link>
  )
}

export function Under({ children }: { children: ReactNode }) {
  return <span className={styles.under}>{children}</span>
}
