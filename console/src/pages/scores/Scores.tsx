// Scores over time, and by function, account, project and framework; and the rules that made the difference.
import { queryOptions, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { TrendingUp } from 'lucide-react'
import { useMemo } from 'react'
import { answer, client, type Schemas } from '../../api/client'
import { Change } from '../../parts/Change'
import { Card, PageHeader } from '../../parts/Page'
import { Empty, Loaded } from '../../parts/States'
import { Tabs } from '../../parts/Tabs'
import { TrendChart } from '../../parts/TrendChart'
import { useFormats } from '../../texts/format'
import { pointsOf, useDescribe } from '../home/Score'
import { useHomeTexts } from '../home/words'
import { Effects } from './Effects'
import { Parts } from './Parts'
import { Scans } from './Scans'
import styles from './Scores.module.css'
import { tabs } from './search'
import { useScoresTexts } from './words'

const route = getRouteApi('/signed-in/scores')

type Trend = Schemas['Trend']

const scoresQuery = queryOptions({
  queryKey: ['scores'],
  staleTime: 5 * 60_000,
  queryFn: () => answer(client.GET('/api/scores', {})),
})

export default function Scores() {
  const t = useScoresTexts()
  return (
    <>
      <PageHeader title={t.title} under={t.lead} />
      <Loaded from={useQuery(scoresQuery)}>
        {(trend) =>
          trend.Scans.length === 0 ? (
            <Empty icon={TrendingUp} title={t.emptyTitle}>
              {t.empty}
            </Empty>
          ) : (
            <Shown of={trend} />
          )
        }
      </Loaded>
    </>
  )
}

function Shown({ of: trend }: { of: Trend }) {
  const t = useScoresTexts()
  const format = useFormats()
  const { tab = 'functions' } = route.useSearch()
  const counts = {
    functions: trend.Functions?.length ?? 0,
    accounts: trend.Accounts?.length ?? 0,
    projects: trend.Projects?.length ?? 0,
    frameworks: trend.Frameworks?.length ?? 0,
    rules: trend.Rules.length,
    scans: trend.Scans.length,
  }
  return (
    <>
      <Line of={trend} />
      <div className={styles.tabs} />
      <Tabs
        label={t.tabs}
        current={tab}
        tabs={tabs.map((id) => ({
          id,
          name: t[id],
          ...(id === 'functions' ? {} : { count: format.number(counts[id]) }),
        }))}
      />
      {tab === 'functions' && <Parts sort="functions" of={trend.Functions ?? []} />}
      {tab === 'accounts' && <Parts sort="accounts" of={trend.Accounts ?? []} />}
      {tab === 'projects' && <Parts sort="projects" of={trend.Projects ?? []} />}
      {tab === 'frameworks' && <Parts sort="frameworks" of={trend.Frameworks ?? []} />}
      {tab === 'rules' && <Effects of={trend} />}
      {tab === 'scans' && <Scans of={trend.Scans} />}
    </>
  )
}

function Line({ of: trend }: { of: Trend }) {
  const t = useScoresTexts()
  const home = useHomeTexts()
  const format = useFormats()
  const points = useMemo(() => pointsOf(trend.Scans), [trend.Scans])
  const describe = useDescribe(trend.Scans)
  const first = points[0]
  const last = points.at(-1)
  if (!first || !last) return null
  const score = (it: number | null) => (it === null ? '–' : format.percent(it))
  return (
    <Card>
      <div className={styles.line}>
        <div>
          <div className={styles.number}>{score(last.value)}</div>
          <Change of={trend.Change} />
          <p className={styles.when}>
            {t.from(format.day(first.at), format.day(last.at), points.length, format.number(points.length))}
          </p>
          {trend.NotComparable > 0 && (
            <p className={styles.when}>{t.notComparable(trend.NotComparable, format.number(trend.NotComparable))}</p>
          )}
        </div>
        {points.length > 1 ? (
          <TrendChart
            points={points}
            describe={describe}
            height={200}
            description={home.trendOf(format.day(first.at), score(first.value), format.day(last.at), score(last.value))}
          />
        ) : (
          <p className={styles.when}>{home.onePoint}</p>
        )}
      </div>
    </Card>
  )
}
