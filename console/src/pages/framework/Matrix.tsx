// Requirements × accounts. Only the cells on screen exist, in both directions, so that 400 requirements × 1,000 accounts
// scroll like ten; the head and the first column stay. One cell is active: arrows move it, Enter opens its requirement.
import { useNavigate } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type MouseEvent, memo, useEffect, useId, useRef, useState } from 'react'
import type { Schemas } from '../../api/client'
import { useLang } from '../../texts'
import { useComplianceTexts } from '../../texts/compliance'
import { AnswerBar, answerOf, Mark } from '../compliance/Answer'
import styles from './Matrix.module.css'
import type { Row } from './rows'

const cellWidth = 30
const rowHeight = 34
const headHeight = 156

type Props = { framework: string; rows: Row[]; accounts: Schemas['AccountAnswers'][] }

export function Matrix({ framework, rows, accounts }: Props) {
  const t = useComplianceTexts()
  const id = useId()
  const navigate = useNavigate()
  const frame = useRef<HTMLDivElement>(null)
  const [lead, setLead] = useState(0)
  const [active, setActive] = useState({ row: 0, column: -1 })
  useEffect(() => {
    const measure = () => setLead(frame.current?.querySelector<HTMLElement>('[data-lead]')?.offsetWidth ?? 0)
    measure()
    window.addEventListener('resize', measure)
    return () => window.removeEventListener('resize', measure)
  }, [])
  const down = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => rowHeight,
    overscan: 2,
    scrollPaddingStart: headHeight,
    paddingStart: headHeight,
  })
  const across = useVirtualizer({
    horizontal: true,
    count: accounts.length,
    getScrollElement: () => frame.current,
    estimateSize: () => cellWidth,
    overscan: 2,
    scrollPaddingStart: lead,
    paddingStart: lead,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: where cells are changes with the first column's width
  useEffect(() => across.measure(), [lead])

  const row = Math.min(active.row, rows.length - 1)
  const column = Math.min(active.column, accounts.length - 1)
  const open = (at: number) => {
    const one = rows[at]
    if (one?.kind !== 'requirement') return
    void navigate({
      to: '/compliance/$id/$requirement',
      params: { id: framework, requirement: one.requirement.Id },
      search: {},
    })
  }
  const move = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const page = Math.max(1, Math.floor(((frame.current?.clientHeight ?? 0) - headHeight) / rowHeight) - 1)
    const steps: Record<string, [number, number]> = {
      ArrowDown: [row + 1, column],
      ArrowUp: [row - 1, column],
      ArrowRight: [row, column + 1],
      ArrowLeft: [row, column - 1],
      PageDown: [row + page, column],
      PageUp: [row - page, column],
      Home: [row, -1],
      End: [row, accounts.length - 1],
    }
    const step = steps[event.key]
    if (event.key === 'Enter') open(row)
    else if (!step) return
    else {
      const next = {
        row: Math.min(Math.max(step[0], 0), rows.length - 1),
        column: Math.min(Math.max(step[1], -1), accounts.length - 1),
      }
      setActive(next)
      down.scrollToIndex(next.row)
      if (next.column >= 0) across.scrollToIndex(next.column)
    }
    event.preventDefault()
  }
  const press = (event: MouseEvent<HTMLElement>) => {
    const cell = (event.target as HTMLElement).closest<HTMLElement>('[data-row]')
    if (cell) open(Number(cell.dataset.row))
  }
  const columns = across.getVirtualItems()
  return (
    // biome-ignore lint/a11y/useKeyWithMouseEvents: with the keyboard the active cell is spoken, and its column marked
    <div
      ref={frame}
      className={styles.frame}
      role="grid"
      aria-label={t.matrix}
      aria-description={t.matrixHint}
      aria-rowcount={rows.length + 1}
      aria-colcount={accounts.length + 2}
      aria-activedescendant={`${id}${row} ${column}`.replace(' ', 'x')}
      tabIndex={0}
      onKeyDown={move}
      onClick={press}
      onMouseOver={(event) => {
        // A thousand titles are not worth writing: the one that is pointed at is.
        const cell = event.target as HTMLElement
        if (cell.role === 'gridcell') cell.title = cell.getAttribute('aria-label') ?? ''
      }}
    >
      <div
        style={{ position: 'relative', minWidth: '100%', width: across.getTotalSize(), height: down.getTotalSize() }}
      >
        <div className={styles.head} role="row" aria-rowindex={1} style={{ height: headHeight }}>
          <div className={`${styles.lead} ${styles.corner}`} role="columnheader" data-lead="">
            {t.requirement}
          </div>
          {columns.map((it) => {
            const account = accounts[it.index]
            return (
              <div
                key={it.key}
                role="columnheader"
                aria-colindex={it.index + 3}
                className={`${styles.account} ${it.index === column ? styles.isHere : ''}`}
                style={{ left: it.start, width: cellWidth }}
                title={`${account?.Name ?? ''} ${account?.Account ?? ''}`.trim()}
              >
                <span>{account?.Name || account?.Account}</span>
              </div>
            )
          })}
        </div>
        {down.getVirtualItems().map((it) => {
          const one = rows[it.index]
          if (!one) return null
          return (
            <Line
              key={it.key}
              id={`${id}${it.index}x`}
              of={one}
              index={it.index}
              top={it.start}
              accounts={accounts}
              first={columns[0]?.index ?? 0}
              last={columns.at(-1)?.index ?? -1}
              lead={lead}
              active={it.index === row ? column : undefined}
            />
          )
        })}
      </div>
    </div>
  )
}

type LineProps = {
  id: string
  of: Row
  index: number
  top: number
  accounts: Schemas['AccountAnswers'][]
  first: number
  last: number
  lead: number
  /** The active column, where this is the active row; -1 is the requirement itself. */
  active: number | undefined
}

/** A row. Its cells have no children: what they show is drawn by their style, so that thousands are light. */
const Line = memo(function Line({ id, of, index, top, accounts, first, last, lead, active }: LineProps) {
  const t = useComplianceTexts()
  const look = `${styles.row} ${of.kind === 'group' ? styles.group : ''}`
  const cells = []
  if (of.kind === 'requirement') {
    for (let at = first; at <= last; at += 1) {
      const account = accounts[at]
      if (!account) continue
      const answer = answerOf(account.Answers[of.index])
      cells.push(
        <div
          key={account.Account}
          id={`${id}${at}`}
          role="gridcell"
          aria-colindex={at + 3}
          aria-label={t.cell(of.requirement.Id, account.Name || account.Account, t.answer[answer])}
          data-row={index}
          className={`${styles.cell} ${styles[answer]} ${at === active ? styles.isCell : ''}`}
          style={{ left: lead + at * cellWidth }}
        />,
      )
    }
  }
  return (
    <div role="row" aria-rowindex={index + 2} className={look} style={{ top, height: rowHeight }}>
      {of.kind === 'group' ? (
        <Chapter of={of} id={`${id}-1`} />
      ) : (
        <Lead of={of} at={index} id={`${id}-1`} isActive={active === -1} />
      )}
      {cells}
    </div>
  )
})

function Chapter({ of, id }: { of: Extract<Row, { kind: 'group' }>; id: string }) {
  const lang = useLang()
  return (
    <div id={id} className={styles.lead} role="rowheader" style={{ paddingLeft: `${0.875 + of.depth * 0.75}rem` }}>
      <span className={styles.number}>{of.group.Id}</span>
      <span className={styles.title} title={of.group.Title[lang]}>
        {of.group.Title[lang]}
      </span>
      {of.totals && (
        <span className={styles.totals}>
          <AnswerBar of={of.totals} />
        </span>
      )}
    </div>
  )
}

type LeadProps = { of: Extract<Row, { kind: 'requirement' }>; at: number; id: string; isActive: boolean }

function Lead({ of, at, id, isActive }: LeadProps) {
  const t = useComplianceTexts()
  const lang = useLang()
  const { requirement, answer } = of
  return (
    <div
      id={id}
      className={`${styles.lead} ${styles.link} ${isActive ? styles.isCell : ''}`}
      role="rowheader"
      data-row={at}
      title={requirement.Title[lang]}
    >
      <Mark of={answer} />
      <span className="hidden-visually">{t.answer[answer]}</span>
      <span className={styles.number}>{requirement.Id}</span>
      <span className={styles.title}>{requirement.Title[lang]}</span>
    </div>
  )
}
