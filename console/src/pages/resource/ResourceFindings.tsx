// What is, and was, wrong with a resource.
import { Link } from '@tanstack/react-router'
import { ShieldCheck } from 'lucide-react'
import type { Schemas } from '../../api/client'
import { useFindingTitle } from '../../api/names'
import type { KeySearch } from '../../api/resources'
import { State } from '../../parts/Badge'
import { Card, Section } from '../../parts/Page'
import { Severity } from '../../parts/Severity'
import { Empty } from '../../parts/States'
import { Time } from '../../parts/Time'
import { useResourceTexts } from '../../texts/resources'
import styles from './Resource.module.css'

type Finding = Schemas['Finding']

export function isOpen(it: Finding): boolean {
  return it.RecordState === 'ACTIVE' && (it.Workflow === 'NEW' || it.Workflow === 'NOTIFIED')
}

export function ResourceFindings({ of }: { of: Finding[]; by: KeySearch }) {
  const t = useResourceTexts()
  const open = of.filter(isOpen)
  const ended = of.filter((it) => it.RecordState === 'ARCHIVED')
  const accepted = of.filter((it) => it.RecordState === 'ACTIVE' && !isOpen(it))
  if (of.length === 0) return <Empty icon={ShieldCheck} title={t.noFindings} />
  return (
    <>
      <Section title={t.openOnes}>
        {open.length === 0 ? <p className={styles.quiet}>{t.noFindingsOpen}</p> : <List of={open} />}
      </Section>
      {accepted.length > 0 && (
        <Section title={t.acceptedOnes}>
          <List of={accepted} />
        </Section>
      )}
      {ended.length > 0 && (
        <Section title={t.endedOnes}>
          <List of={ended} />
        </Section>
      )}
    </>
  )
}

function List({ of }: { of: Finding[] }) {
  const title = useFindingTitle()
  return (
    <Card isPadded={false}>
      <ul className={styles.rows}>
        {of.map((it) => (
          <li key={it.Id}>
            <Link to="/findings/$id" params={{ id: it.Id }}>
              <Severity of={it.Severity} look="mark" />
              <span className={styles.word}>{title(it)}</span>
              <State of={it} />
              <span className={styles.when}>
                <Time at={it.ResolvedAt ?? it.OpenedAt} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  )
}
