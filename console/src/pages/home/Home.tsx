// The first page: where the organisation stands this morning, what changed since yesterday, and what to look at first.
import { useQuery } from '@tanstack/react-query'
import type { Schemas } from '../../api/client'
import { useNow } from '../../app/clock'
import { ButtonLink } from '../../parts/Button'
import { PageHeader } from '../../parts/Page'
import { Loaded, Note, Skeleton } from '../../parts/States'
import { Time } from '../../parts/Time'
import { useFormats } from '../../texts/format'
import { Amounts } from './Amounts'
import { Begin } from './Begin'
import { Gaps } from './Gaps'
import styles from './Home.module.css'
import { Incidents } from './Incidents'
import { homeQuery } from './queries'
import { Score } from './Score'
import { Worst } from './Worst'
import { useHomeTexts } from './words'

export default function Home() {
  return (
    <Loaded from={useQuery(homeQuery)} skeleton={<Waiting />}>
      {(home) => (home.Scan || home.Open.Total > 0 ? <Standing of={home} /> : <Begin />)}
    </Loaded>
  )
}

const days = 24 * 60 * 60_000

function Standing({ of: home }: { of: Schemas['Home'] }) {
  const t = useHomeTexts()
  const format = useFormats()
  const now = useNow()
  const scan = home.Scan
  const at = scan?.Finished ?? scan?.Started
  const isOld = at !== undefined && now - new Date(at).getTime() > 2 * days
  return (
    <>
      <PageHeader
        title={t.title}
        under={
          scan &&
          at && (
            <>
              {t.lastScan}: <Time at={at} /> · {t.scanOf(format.number(scan.Accounts), format.number(scan.Rules))}
            </>
          )
        }
        actions={<ButtonLink to="/scores">{t.allScores}</ButtonLink>}
      />
      <div className={styles.page}>
        {isOld && <Note tone="warn" title={t.oldTitle} detail={t.old(format.ago(at, now))} />}
        <Score of={home} />
        <Amounts of={home} />
        <div className={styles.pair}>
          <Incidents of={home} />
          <Gaps of={home} />
        </div>
        <Worst of={home} />
      </div>
    </>
  )
}

function Waiting() {
  const t = useHomeTexts()
  return (
    <>
      <PageHeader title={t.title} under={<Skeleton width="18rem" />} />
      <div className={styles.page} role="status">
        <Skeleton height="18rem" />
        <Skeleton height="6rem" />
        <Skeleton height="12rem" />
      </div>
    </>
  )
}
