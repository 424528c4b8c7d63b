// The requirements that a finding stands against, by framework.
import type { Schemas } from '../../api/client'
import { Badge } from '../../parts/Badge'
import { useTexts } from '../../texts'
import { finding as en } from '../../texts/en/finding'
import { finding as ja } from '../../texts/ja/finding'
import styles from './Finding.module.css'

export function Requirements({ of }: { of: Schemas['Against'][] }) {
  const t = useTexts({ en, ja })
  if (of.length === 0) return <p className={styles.text}>{t.requirementsNone}</p>
  const byFramework = new Map<string, string[]>()
  for (const { Framework, Requirement } of of) {
    byFramework.set(Framework, [...(byFramework.get(Framework) ?? []), Requirement])
  }
  return (
    <dl className={styles.frameworks}>
      {[...byFramework].map(([framework, requirements]) => (
        <div key={framework} style={{ display: 'contents' }}>
          <dt>{framework}</dt>
          <dd>
            {requirements.map((it) => (
              <Badge key={it} tone="outline">
                {it}
              </Badge>
            ))}
          </dd>
        </div>
      ))}
    </dl>
  )
}
