// The requirements that a finding stands against, by framework.
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Schemas } from '../../api/client'
import { Badge } from '../../parts/Badge'
import { useLang, useTexts } from '../../texts'
import { finding as en } from '../../texts/en/finding'
import { finding as ja } from '../../texts/ja/finding'
import { frameworksQuery } from '../compliance/queries'
import styles from './Finding.module.css'

export function Requirements({ of }: { of: Schemas['Against'][] }) {
  const t = useTexts({ en, ja })
  const lang = useLang()
  const { data } = useQuery(frameworksQuery)
  const names = data && new Map(data.map((it) => [it.Id, it.Name[lang]]))
  if (of.length === 0) return <p className={styles.text}>{t.requirementsNone}</p>
  const byFramework = new Map<string, string[]>()
  for (const { Framework, Requirement } of of) {
    byFramework.set(Framework, [...(byFramework.get(Framework) ?? []), Requirement])
  }
  return (
    <dl className={styles.frameworks}>
      {[...byFramework].map(([framework, requirements]) => (
        <div key={framework} style={{ display: 'contents' }}>
          <dt>
            <Link to="/compliance/$id" params={{ id: framework }} search={{}}>
              {names?.get(framework) ?? framework}
            </Link>
          </dt>
          <dd>
            {requirements.map((it) => (
              <Link key={it} to="/compliance/$id/$requirement" params={{ id: framework, requirement: it }}>
                <Badge tone="outline">{it}</Badge>
              </Link>
            ))}
          </dd>
        </div>
      ))}
    </dl>
  )
}
