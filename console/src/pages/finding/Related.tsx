// Other findings that matter when one looks at this one: on the same resource, and of the same rule.
import { useQueries } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Schemas } from '../../api/client'
import { answer, client } from '../../api/client'
import { resourceName, useAccountNames, useFindingTitle } from '../../api/names'
import { Card, Section } from '../../parts/Page'
import { Severity } from '../../parts/Severity'
import { SkeletonRows } from '../../parts/States'
import { useTexts } from '../../texts'
import { useCommon } from '../../texts/common'
import { finding as en } from '../../texts/en/finding'
import { finding as ja } from '../../texts/ja/finding'
import type { FindingsSearch } from '../findings/search'
import styles from './Finding.module.css'

type Finding = Schemas['Finding']

const few = 5

function useFew(filter: FindingsSearch) {
  return {
    queryKey: ['findings', 'few', filter],
    queryFn: () => answer(client.GET('/api/findings', { params: { query: { ...filter, limit: few + 2 } } })),
  }
}

export function Related({ to }: { to: Finding }) {
  const t = useTexts({ en, ja })
  const title = useFindingTitle()
  const accountName = useAccountNames()
  const resource: FindingsSearch = { text: to.Arn || to.Resource.Id, account: [to.Resource.Account] }
  const rule: FindingsSearch = { rule: [to.Rule] }
  const [onResource, ofRule] = useQueries({ queries: [useFew(resource), useFew(rule)] })
  const others = (list: Schemas['FindingList'] | undefined) => list?.Findings.filter((it) => it.Id !== to.Id)
  const same = others(onResource.data)?.filter((it) => it.Resource.Id === to.Resource.Id)
  const alike = others(ofRule.data)
  if (!same || !alike) return <SkeletonRows rows={3} />
  return (
    <Section title={t.related}>
      {same.length === 0 && alike.length === 0 && <p className={styles.text}>{t.relatedNone}</p>}
      <List title={t.sameResource} of={same} search={resource} name={title} />
      <List
        title={t.sameRule}
        of={alike}
        search={rule}
        name={(it) => `${resourceName(it)} · ${accountName(it.Resource.Account)}`}
      />
    </Section>
  )
}

type ListProps = { title: string; of: Finding[]; search: FindingsSearch; name: (it: Finding) => string }

function List({ title, of, search, name }: ListProps) {
  const common = useCommon()
  if (of.length === 0) return null
  return (
    <>
      <h3 className={styles.relatedHead}>{title}</h3>
      <Card isPadded={false}>
        <div className={styles.related}>
          {of.slice(0, few).map((it) => (
            <Link key={it.Id} to="/findings/$id" params={{ id: it.Id }}>
              <Severity of={it.Severity} look="mark" />
              <span className={styles.word}>{name(it)}</span>
            </Link>
          ))}
          {of.length > few && (
            <Link to="/findings" search={search} className={styles.all ?? ''}>
              {common.all}
            </Link>
          )}
        </div>
      </Card>
    </>
  )
}
