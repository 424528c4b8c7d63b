// The tags of a resource.
import { useResourceTexts } from '../../texts/resources'
import styles from './Resource.module.css'

export function Tags({ of }: { of: Record<string, string> }) {
  const t = useResourceTexts()
  const tags = Object.entries(of)
  if (tags.length === 0) return <p className={styles.quiet}>{t.noTags}</p>
  return (
    <dl className={styles.tags}>
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

// AWS allows 256 characters. Browsers take seconds to break ten thousand into lines as narrow as these.
function cut(text: string): string {
  return text.length > 1_000 ? `${text.slice(0, 1_000)}…` : text
}
