// What a resource points to and what points to it: as a graph, and the same as lists.
import { Link } from '@tanstack/react-router'
import { Share2 } from 'lucide-react'
import { lazy, Suspense } from 'react'
import type { Schemas } from '../../api/client'
import { shortType, useAccountNames } from '../../api/names'
import { cut, type KeySearch, keySearch, lineName } from '../../api/resources'
import { Card, Section } from '../../parts/Page'
import { Severity } from '../../parts/Severity'
import { Empty, Skeleton } from '../../parts/States'
import { useCommon } from '../../texts/common'
import { useFormats } from '../../texts/format'
import { useResourceTexts } from '../../texts/resources'
import styles from './Resource.module.css'

const Graph = lazy(() => import('./Graph'))

type Props = {
  by: KeySearch
  name: string
  worst: Schemas['Severity'] | undefined
  of: Schemas['Surroundings']
}

export function Relations({ by, name, worst, of }: Props) {
  const t = useResourceTexts()
  if (of.PointsTo.length + of.PointedToBy.length === 0) {
    return (
      <Empty icon={Share2} title={t.noRelations}>
        {t.noRelationsHint}
      </Empty>
    )
  }
  return (
    <>
      <Section title={t.graph}>
        <Suspense fallback={<Skeleton width="100%" height="26rem" />}>
          <Graph by={by} name={name} worst={worst} />
        </Suspense>
        <p className={styles.quiet}>{t.graphHint}</p>
      </Section>
      <List title={t.pointsTo} of={of.PointsTo} />
      <List title={t.pointedToBy} of={of.PointedToBy} />
    </>
  )
}

function List({ title, of }: { title: string; of: Schemas['RelatedResource'][] }) {
  const t = useResourceTexts()
  const common = useCommon()
  const format = useFormats()
  const accountName = useAccountNames()
  if (of.length === 0) return null
  return (
    <Section title={`${title} (${format.number(of.length)})`}>
      <Card isPadded={false}>
        <ul className={styles.rows}>
          {of.map(({ ResourceType: type, Id: id, Resource: line }) => {
            const words = (
              <>
                {line?.Worst ? <Severity of={line.Worst} look="mark" /> : <span className={styles.noMark} />}
                <span className={styles.word}>
                  {line ? lineName(line) : cut(id)}
                  <span className={styles.quiet}>
                    {' '}
                    <span translate="no">{cut(shortType(type))}</span>
                    {line ? ` · ${accountName(line.Key.Account)}` : ` · ${t.notCollected}`}
                  </span>
                </span>
                {line && line.Findings > 0 && (
                  <span className={styles.when}>
                    {common.findingCount(line.Findings, format.number(line.Findings))}
                  </span>
                )}
                {line && !line.IsPresent && <span className={styles.when}>{t.isGone}</span>}
              </>
            )
            return (
              <li key={`${type} ${id}`}>
                {line ? (
                  <Link to="/inventory/resource" search={keySearch(line.Key)}>
                    {words}
                  </Link>
                ) : (
                  <div>{words}</div>
                )}
              </li>
            )
          })}
        </ul>
      </Card>
    </Section>
  )
}
