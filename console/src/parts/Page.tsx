// The frame of every page: its heading with what can be done, sections, cards, facts.
import { type ReactNode, useEffect, useId } from 'react'
import styles from './Page.module.css'

type HeaderProps = { title: string; over?: ReactNode; under?: ReactNode; actions?: ReactNode }

export function PageHeader({ title, over, under, actions }: HeaderProps) {
  useEffect(() => {
    document.title = `${title} – Yagura`
  }, [title])
  return (
    <header className={styles.header}>
      <div className={styles.words}>
        {over && <div className={styles.over}>{over}</div>}
        <h1>{title}</h1>
        {under && <div className={styles.under}>{under}</div>}
      </div>
      {actions && <div className={styles.actions}>{actions}</div>}
    </header>
  )
}

export function Section({ title, children }: { title: string; children: ReactNode }) {
  const id = useId()
  return (
    <section className={styles.section} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  )
}

export function Card({ children, isPadded = true }: { children: ReactNode; isPadded?: boolean }) {
  return <div className={`${styles.card} ${isPadded ? styles.padded : ''}`}>{children}</div>
}

/** Names and values; what has no value is left out. */
export function Facts({ of }: { of: [string, ReactNode][] }) {
  return (
    <dl className={styles.facts}>
      {of
        .filter(([, value]) => value !== null && value !== undefined && value !== false && value !== '')
        .map(([name, value]) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  )
}
