// A part of the first page: its heading, the way to all of it, and a few lines.
import { Link, type LinkProps } from '@tanstack/react-router'
import { type ReactNode, useId } from 'react'
import styles from './Panel.module.css'

type Props = { title: string; more: string; to: LinkProps['to']; search?: unknown; children: ReactNode }

export function Panel({ title, more, to, search, children }: Props) {
  const id = useId()
  return (
    <section className={styles.panel} aria-labelledby={id}>
      <div className={styles.head}>
        <h2 id={id}>{title}</h2>
        <Link to={to} search={(search ?? {}) as never}>
          {more}
        </Link>
      </div>
      {children}
    </section>
  )
}

export function Lines({ children }: { children: ReactNode }) {
  return <ul className={styles.lines}>{children}</ul>
}

export function Nothing({ children }: { children: ReactNode }) {
  return <p className={styles.nothing}>{children}</p>
}
