// The score as a whole with its line, and beside it the five functions.
import { Link } from '@tanstack/react-router'
import { useCallback, useId, useMemo } from 'react'
import type { Schemas } from '../../api/client'
import { Change, Meter } from '../../parts/Change'
import { type Point, TrendChart } from '../../parts/TrendChart'
import { useCommon } from '../../texts/common'
import { useFormats } from '../../texts/format'
import { functions } from '../rules/search'
import styles from './Score.module.css'
import { useHomeTexts } from './words'

export function Score({ of: home }: { of: Schemas['Home'] }) {
  const t = useHomeTexts()
  const format = useFormats()
  const id = useId()
  const points = useMemo(() => pointsOf(home.Points), [home.Points])
  const first = points[0]
  const last = points.at(-1)
  const known = home.Points.at(-1)?.Known
  const describe = useDescribe(home.Points)
  return (
    <section className={styles.card} aria-labelledby={id}>
      <div className={styles.whole}>
        <div className={styles.head}>
          <h2 id={id} title={t.scoreHint}>
            {t.score}
          </h2>
          <span className={styles.number}>
            {last?.value === null || last === undefined ? '–' : format.percent(last.value)}
          </span>
          {first && points.length > 1 && (
            <span className={styles.change}>
              <Change of={home.Change} /> {t.since(format.short(first.at))}
            </span>
          )}
          {known !== null && known !== undefined && (
            <span className={styles.known}>{t.known(format.percent(known))}</span>
          )}
        </div>
        {points.length > 1 && first && last ? (
          <TrendChart
            points={points}
            describe={describe}
            description={t.trendOf(
              format.day(first.at),
              format.percent(first.value ?? 0),
              format.day(last.at),
              format.percent(last.value ?? 0),
            )}
          />
        ) : (
          <p className={styles.onePoint}>{t.onePoint}</p>
        )}
      </div>
      <Functions of={home.Functions} />
    </section>
  )
}

export function pointsOf(points: Schemas['TrendPoint'][]): Point[] {
  return points.map((it) => ({ at: it.Started, value: it.Score ?? null }))
}

export function useDescribe(points: Schemas['TrendPoint'][]): (point: Point) => string {
  const t = useHomeTexts()
  const format = useFormats()
  return useCallback(
    (point) => {
      const violations = points.find((it) => it.Started === point.at)?.Violations ?? 0
      const score = point.value === null ? '–' : format.percent(point.value)
      return `${format.day(point.at)}\n${t.score} ${score}\n${t.violations(violations, format.number(violations))}`
    },
    [t, format, points],
  )
}

function Functions({ of: parts }: { of: Schemas['TrendPart'][] }) {
  const t = useHomeTexts()
  const common = useCommon()
  const format = useFormats()
  return (
    <ul className={styles.functions} aria-label={t.functions}>
      {functions.map((name) => {
        const part = parts.find((it) => it.Id === name)
        const score = part?.Score
        return (
          <li key={name}>
            <Link to="/rules" search={{ function: name }} className={styles.function ?? ''}>
              <span className={styles.name}>{common.csf[name]}</span>
              <span className={styles.value}>{typeof score === 'number' ? format.percent(score) : '–'}</span>
              <Change of={part?.Change} />
              <Meter of={score} />
              <span className={styles.under}>
                {part && typeof score === 'number'
                  ? t.violations(part.Violations, format.number(part.Violations))
                  : t.notJudged}
              </span>
            </Link>
          </li>
        )
      })}
    </ul>
  )
}
