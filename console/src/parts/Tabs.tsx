// Parts of a page, each with an address of its own: `?tab=`. Links, because that is what they are.
import { Link } from '@tanstack/react-router'
import styles from './Tabs.module.css'

type Props<T extends string> = {
  label: string
  tabs: readonly { id: T; name: string; count?: string }[]
  current: T
  /** What else stands in the address stays there. */
  keeps?: boolean
}

export function Tabs<T extends string>({ label, tabs, current, keeps }: Props<T>) {
  return (
    <nav className={styles.tabs} aria-label={label}>
      {tabs.map(({ id, name, count }, index) => (
        <Link
          key={id}
          to="."
          search={((before: object) => ({ ...(keeps ? before : {}), tab: index === 0 ? undefined : id })) as never}
          className={styles.tab ?? ''}
          activeOptions={{ includeSearch: true, explicitUndefined: true }}
          data-current={id === current}
        >
          {name}
          {count !== undefined && <span>{count}</span>}
        </Link>
      ))}
    </nav>
  )
}
