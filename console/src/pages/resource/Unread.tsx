// What could not be read of a resource, and why: unknown is not empty.
import { EyeOff } from 'lucide-react'
import type { Schemas } from '../../api/client'
import { useTexts } from '../../texts'
import { coverage as en } from '../../texts/en/coverage'
import { coverage as ja } from '../../texts/ja/coverage'
import { useResourceTexts } from '../../texts/resources'
import styles from './Resource.module.css'

export function Unread({ of }: { of: Schemas['Resource'] }) {
  const t = useResourceTexts()
  const { reasons } = useTexts({ en, ja })
  const fields = Object.entries(of.Unread ?? {})
  if (fields.length === 0) return null
  return (
    <section className={styles.unread} aria-label={t.unread}>
      <h2>
        <EyeOff size={14} aria-hidden="true" />
        {t.unread}
      </h2>
      <p>{t.unreadLead}</p>
      <ul>
        {fields.map(([field, gap]) => (
          <li key={field}>
            <code className={styles.field}>{field}</code>
            <span>
              {reasons[gap.Status]}
              {'Permission' in gap && (
                <>
                  {': '}
                  <code>{gap.Permission}</code>
                </>
              )}
              {'Code' in gap && (
                <>
                  {': '}
                  <code>{gap.Code}</code>
                </>
              )}{' '}
              <span className={styles.quiet}>
                (<code>{gap.Call}</code>)
              </span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
