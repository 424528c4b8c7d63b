// The stages of an incident on a time axis: a lane for each stage, a mark for each finding, from its first event to its
// last. Marks are links into the story below, which says the same in words.
import type { Schemas } from '../../api/client'
import { useRuleTitles } from '../../api/names'
import { Card, Section } from '../../parts/Page'
import { useCommon } from '../../texts/common'
import { useFormats } from '../../texts/format'
import { useIncidentTexts } from '../../texts/incidents'
import styles from './Incident.module.css'
import { inOrder, stagesOf } from './stages'

type Finding = Schemas['ThreatFinding']

export function TimeAxis({ of: findings }: { of: Finding[] }) {
  const t = useIncidentTexts()
  const common = useCommon()
  const format = useFormats()
  const titles = useRuleTitles()
  const times = findings.flatMap((it) => [Date.parse(it.FirstSeen), Date.parse(it.LastSeen)])
  const from = Math.min(...times)
  const span = Math.max(Math.max(...times) - from, 60_000)
  const place = (at: string) => ((Date.parse(at) - from) / span) * 100
  const stages = inOrder(findings.flatMap(stagesOf))
  const lanes = [
    ...stages.map((stage) => ({
      id: stage as string,
      name: common.tactic[stage],
      of: findings.filter((it) => stagesOf(it).includes(stage)),
    })),
    { id: 'none', name: t.noStage, of: findings.filter((it) => stagesOf(it).length === 0) },
  ].filter((it) => it.of.length > 0)
  const ticks = [0, 25, 50, 75, 100]
  return (
    <Section title={t.timeline}>
      <Card isPadded={false}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable with the keyboard */}
        <div className={styles.axis} role="group" aria-label={t.timeline} tabIndex={0}>
          <div className={styles.lanes}>
            {lanes.map((lane) => (
              <div key={lane.id} className={styles.lane}>
                <div className={styles.laneName}>{lane.name}</div>
                <div className={styles.track}>
                  {lane.of.map((it) => {
                    const name = `${common.severity[it.Severity]}: ${titles(it.Rule) ?? it.Title}, ${format.clock(it.FirstSeen)}`
                    const width = place(it.LastSeen) - place(it.FirstSeen)
                    return (
                      <a
                        key={it.Id}
                        href={`#${it.Id}`}
                        className={`${styles.mark} ${styles[it.Severity]}`}
                        style={{ left: `${place(it.FirstSeen)}%`, width: `calc(${width}% + 0.8125rem)` }}
                        title={name}
                        aria-label={name}
                      />
                    )
                  })}
                </div>
              </div>
            ))}
            <div className={styles.ticks} aria-hidden="true">
              <div>
                {ticks.map((tick) => (
                  <span key={tick} className={styles.tick} style={{ left: `${tick}%` }}>
                    {format.clock(new Date(from + (span * tick) / 100).toISOString())}
                  </span>
                ))}
              </div>
            </div>
          </div>
        </div>
      </Card>
      <p className={styles.hint}>{t.timelineHint(format.number(findings.length))}</p>
    </Section>
  )
}
