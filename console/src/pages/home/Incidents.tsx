// Incidents that nobody has closed: who acted, how far they came, and when.
import { Link } from '@tanstack/react-router'
import type { Schemas } from '../../api/client'
import { useAccountNames } from '../../api/names'
import { Severity } from '../../parts/Severity'
import { Time } from '../../parts/Time'
import { useCommon } from '../../texts/common'
import { useFormats } from '../../texts/format'
import { useIncidentTitle } from '../incidents/names'
import styles from './Home.module.css'
import { Lines, Nothing, Panel } from './Panel'
import { useHomeTexts } from './words'

export function Incidents({ of: home }: { of: Schemas['Home'] }) {
  const t = useHomeTexts()
  const common = useCommon()
  const format = useFormats()
  const title = useIncidentTitle()
  const accountName = useAccountNames()
  return (
    <Panel title={t.incidents(format.number(home.OpenIncidents))} more={t.allIncidents} to="/incidents">
      {home.OpenIncidents === 0 || home.Incidents.length === 0 ? (
        <Nothing>{t.noIncidents}</Nothing>
      ) : (
        <Lines>
          {home.Incidents.slice(0, 4).map((it) => (
            <li key={it.Id}>
              <Link to="/incidents/$id" params={{ id: it.Id }} className={styles.line ?? ''}>
                <Severity of={it.Severity} look="mark" />
                <span className={styles.what}>
                  {title(it)}
                  <span className={styles.under}>{format.list(it.Accounts.map(accountName))}</span>
                  <ol className={styles.stages} aria-label={t.stages}>
                    {it.Stages.map((stage) => (
                      <li key={stage}>{common.tactic[stage]}</li>
                    ))}
                  </ol>
                </span>
                <span className={styles.when}>
                  <Time at={it.LastSeen} />
                </span>
              </Link>
            </li>
          ))}
        </Lines>
      )}
    </Panel>
  )
}
