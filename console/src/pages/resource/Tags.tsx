// The tags of a resource.
import { cut } from '../../api/resources'
import { useResourceTexts } from '../../texts/resources'
import styles from './Resource.module.css'

export function Tags({ of }: { of: Record<string, string> }) {
  const t = useResourceTexts()
  const tags = Object.entries(of)
  if (tags.length === 0) return <p className={styles.quiet}>{t.noTags}</p>
  return (
    <dl className={styles.tags} translate="no">
      {tags.map(([key, value]) => (
        <div key={key}>
          <dt>
            <bdi>{cut(key)}</bdi>
          </dt>
          <dd>
            <bdi>{cut(value)}</bdi>
          </dd>
        </div>
      ))}
    </dl>
  )
}
