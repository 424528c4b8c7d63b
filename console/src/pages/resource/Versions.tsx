// A resource over time: any two of its versions, and what changed between them.
import { getRouteApi } from '@tanstack/react-router'
import { ArrowRight, History } from 'lucide-react'
import { useMemo } from 'react'
import type { Schemas } from '../../api/client'
import { Badge, type Tone } from '../../parts/Badge'
import { Json } from '../../parts/Code'
import { Select } from '../../parts/Field'
import { Section } from '../../parts/Page'
import { Empty } from '../../parts/States'
import { useFormats } from '../../texts/format'
import { useResourceTexts } from '../../texts/resources'
import { type Difference, differences } from './difference'
import styles from './Resource.module.css'

const route = getRouteApi('/signed-in/inventory/resource')
const parts = ['Name', 'Tags', 'Configuration', 'Relationships', 'Unread'] as const
const tones: Record<Difference['kind'], Tone> = { added: 'good', removed: 'bad', changed: 'accent' }
const signs = { added: '+', removed: '−', changed: '~' }

/** The newest first. */
export function Versions({ of: versions }: { of: Schemas['Version'][] }) {
  const t = useResourceTexts()
  const format = useFormats()
  const { from, to } = route.useSearch()
  const navigate = route.useNavigate()
  if (versions.length < 2) {
    return (
      <Empty icon={History} title={t.oneVersion}>
        {t.oneVersionHint}
      </Empty>
    )
  }
  const byScan = (scan: string | undefined) => versions.find((it) => String(it.Scan) === scan)
  const newer = byScan(to) ?? versions[0]
  if (!newer) return null
  const older = byScan(from) ?? versions[versions.indexOf(newer) + 1] ?? newer
  const choose = (part: { from?: string; to?: string }) =>
    void navigate({ to: '.', search: (before) => ({ ...before, ...part }), replace: true })
  const options = versions.map((it, index) => {
    const when = format.moment(it.At)
    const name = index === 0 ? `${when} (${t.latest})` : when
    return [String(it.Scan), it.Resource ? name : `${name} · ${t.isGone}`] as const
  })
  return (
    <Section title={t.compare}>
      <div className={styles.compare}>
        <Select label={t.older} value={String(older.Scan)} options={options} onChange={(it) => choose({ from: it })} />
        <ArrowRight size={16} aria-hidden="true" />
        <Select label={t.newer} value={String(newer.Scan)} options={options} onChange={(it) => choose({ to: it })} />
      </div>
      <Differences older={older} newer={newer} />
    </Section>
  )
}

function Differences({ older, newer }: { older: Schemas['Version']; newer: Schemas['Version'] }) {
  const t = useResourceTexts()
  const format = useFormats()
  const found = useMemo(() => {
    const [before, after] = [older.Resource, newer.Resource]
    if (!before || !after) return []
    return parts
      .map((part) => ({ part, all: differences(before[part] ?? {}, after[part] ?? {}) }))
      .filter(({ all }) => all.length > 0)
  }, [older, newer])
  if (!older.Resource || !newer.Resource) return <p className={styles.quiet}>{t.versionGone}</p>
  if (found.length === 0) return <p className={styles.quiet}>{older === newer ? t.bothTheSame : t.same}</p>
  const count = (kind: Difference['kind']) =>
    format.number(found.flatMap((it) => it.all).filter((it) => it.kind === kind).length)
  return (
    <>
      <p className={styles.quiet}>{t.diffCount(count('added'), count('removed'), count('changed'))}</p>
      {found.map(({ part, all }) => (
        <div key={part}>
          <h3 className={styles.part}>{t.inPart[part]}</h3>
          <ul className={styles.differences}>
            {all.map((it) => (
              <li key={`${it.kind} ${it.path}`} className={styles[it.kind]}>
                <div className={styles.path}>
                  <span className={styles.sign} aria-hidden="true">
                    {signs[it.kind]}
                  </span>
                  <code>{it.path || t.inPart[part]}</code>
                  <Badge tone={tones[it.kind]}>{t.diff[it.kind]}</Badge>
                </div>
                <Values of={it} />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </>
  )
}

function Values({ of }: { of: Difference }) {
  const t = useResourceTexts()
  const isLong = (it: unknown) => typeof it === 'object' && it !== null
  if (of.kind !== 'changed') return <Json of={of.kind === 'added' ? of.after : of.before} />
  if (isLong(of.before) || isLong(of.after)) {
    return (
      <div className={styles.sides}>
        <div>
          <span className={styles.quiet}>{t.before}</span>
          <Json of={of.before} />
        </div>
        <div>
          <span className={styles.quiet}>{t.after}</span>
          <Json of={of.after} />
        </div>
      </div>
    )
  }
  return (
    <p className={styles.change}>
      <del>
        <span className="hidden-visually">{t.before}: </span>
        {JSON.stringify(of.before)}
      </del>{' '}
      <ArrowRight size={13} aria-hidden="true" />{' '}
      <ins>
        <span className="hidden-visually">{t.after}: </span>
        {JSON.stringify(of.after)}
      </ins>
    </p>
  )
}
