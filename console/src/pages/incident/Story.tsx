// What happened, in order: each finding with who did what, from where, and on what.
import { Link } from '@tanstack/react-router'
import type { Schemas } from '../../api/client'
import { useRuleTitles } from '../../api/names'
import { Badge } from '../../parts/Badge'
import { Section } from '../../parts/Page'
import { Severity } from '../../parts/Severity'
import { Time } from '../../parts/Time'
import { useCommon } from '../../texts/common'
import { useFormats } from '../../texts/format'
import { useIncidentTexts } from '../../texts/incidents'
import styles from './Incident.module.css'
import { stagesOf } from './stages'

const few = 4

export function Story({ of: findings }: { of: Schemas['ThreatFinding'][] }) {
  const t = useIncidentTexts()
  const common = useCommon()
  const format = useFormats()
  const titles = useRuleTitles()
  const sorted = [...findings].sort((a, b) => a.FirstSeen.localeCompare(b.FirstSeen))
  return (
    <Section title={t.story}>
      <ol className={styles.story}>
        {sorted.map((it) => (
          <li key={it.Id} id={it.Id}>
            <div className={styles.when}>
              <span>{format.day(it.FirstSeen)}</span>
              <Time at={it.FirstSeen} look="clock" />
            </div>
            <div className={`${styles.dot} ${styles[it.Severity]}`} />
            <div className={styles.what}>
              <div className={styles.head}>
                <Link to="/findings/$id" params={{ id: it.Id }}>
                  {titles(it.Rule) ?? it.Title}
                </Link>
                <Severity of={it.Severity} />
                {stagesOf(it).map((stage) => (
                  <Badge key={stage} tone="outline">
                    {common.tactic[stage]}
                  </Badge>
                ))}
              </div>
              <div className={styles.who}>
                {it.Actor.Name || it.Actor.Principal}
                {it.Count > 1 && ` · ${t.times(format.number(it.Count))}`}
                {it.Failed > 0 && ` · ${t.failed(format.number(it.Failed))}`}
              </div>
              <Calls of={it.Samples} />
              {it.Samples.length > few && (
                <span className={styles.quiet}>{t.moreEvents(format.number(it.Samples.length - few))}</span>
              )}
            </div>
          </li>
        ))}
      </ol>
    </Section>
  )
}

function Calls({ of: samples }: { of: Schemas['Sample'][] }) {
  const t = useIncidentTexts()
  return (
    <ul className={styles.calls}>
      {samples.slice(0, few).map((it) => (
        <li key={`${it.Event} ${it.Time}`}>
          <code>{it.What}</code>
          {(it.Targets?.length ?? 0) > 0 && ` → ${it.Targets?.join(', ')}`}
          {it.Address && ` · ${t.from} ${it.Address}`}
          {it.Origin?.Country && ` (${[it.Origin.Country, it.Origin.AsName].filter(Boolean).join(', ')})`}
          {it.Error && ` · ${it.Error}`}
          {it.Output && <div>{it.Output}</div>}
        </li>
      ))}
    </ul>
  )
}
