// A configuration as a tree: opened and closed, searched, walked with the arrow keys; any path or value is copied.
// Everything in it is text.
import { Check, ChevronDown, ChevronRight, Copy } from 'lucide-react'
import { type KeyboardEvent, useDeferredValue, useMemo, useRef, useState } from 'react'
import { useFormats } from '../texts/format'
import { useResourceTexts } from '../texts/resources'
import { Button } from './Button'
import { useCopy } from './Code'
import { SearchField } from './Field'
import styles from './JsonTree.module.css'
import { allPaths, childrenOf, firstOpen, type Line, linesOf, matchesOf, visible } from './jsonLines'

const most = 1_500
const longest = 240

export function JsonTree({ of, label }: { of: unknown; label: string }) {
  const t = useResourceTexts()
  const format = useFormats()
  const [open, setOpen] = useState<ReadonlySet<string>>(() => firstOpen(of))
  const [text, setText] = useState('')
  const [current, setCurrent] = useState('')
  const wanted = useDeferredValue(text.trim().toLowerCase())
  const found = useMemo(() => (wanted === '' ? undefined : matchesOf(of, wanted)), [of, wanted])
  const lines = useMemo(() => linesOf(of, open, found), [of, open, found])
  const shown = lines.slice(0, most)
  const tree = useRef<HTMLDivElement>(null)
  const active = shown.find((it) => it.path === current)
  const toggle = (path: string, isOpen: boolean) => {
    const next = new Set(open)
    if (isOpen) next.add(path)
    else next.delete(path)
    setOpen(next)
  }
  const goTo = (line: Line | undefined) => {
    if (!line) return
    setCurrent(line.path)
    const at = shown.indexOf(line)
    tree.current?.querySelectorAll<HTMLElement>('[role="treeitem"]')[at]?.focus()
  }
  const press = (event: KeyboardEvent, line: Line) => {
    const at = shown.indexOf(line)
    const parent = () => shown.slice(0, at).findLast((it) => it.depth < line.depth)
    const ways: Record<string, () => void> = {
      ArrowDown: () => goTo(shown[at + 1]),
      ArrowUp: () => goTo(shown[at - 1]),
      Home: () => goTo(shown[0]),
      End: () => goTo(shown.at(-1)),
      ArrowRight: () => (line.isOpen || line.count === 0 ? goTo(shown[at + 1]) : toggle(line.path, true)),
      ArrowLeft: () => (line.isOpen ? toggle(line.path, false) : goTo(parent())),
      Enter: () => line.count > 0 && toggle(line.path, !line.isOpen),
    }
    const way = ways[event.key]
    if (!way || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    event.stopPropagation()
    way()
  }
  const isEmpty = childrenOf(of).length === 0
  if (isEmpty) return <p className={styles.quiet}>{t.treeEmpty}</p>
  return (
    <div className={styles.block}>
      <div className={styles.tools}>
        <div className={styles.search}>
          <SearchField label={t.treeSearch} value={text} onChange={setText} />
        </div>
        {found && <span className={styles.quiet}>{t.treeFound(format.number(found.count))}</span>}
        <span className={styles.buttons}>
          <Button isSmall look="ghost" onPress={() => setOpen(new Set(allPaths(of)))}>
            {t.expandAll}
          </Button>
          <Button isSmall look="ghost" onPress={() => setOpen(new Set())}>
            {t.collapseAll}
          </Button>
          <CopyButton name={t.copyAll} text={JSON.stringify(of, null, 2)} />
        </span>
      </div>
      {found?.count === 0 ? (
        <p className={`${styles.quiet} ${styles.nothing}`}>{t.treeNothing}</p>
      ) : (
        <div ref={tree} role="tree" translate="no" aria-label={label} className={styles.tree}>
          {shown.map((line, index) => (
            <Row
              key={line.path}
              line={line}
              isCurrent={line.path === current}
              isReachable={active ? line.path === current : index === 0}
              isFound={found?.hits.has(line.path) ?? false}
              onToggle={() => toggle(line.path, !line.isOpen)}
              onChoose={() => setCurrent(line.path)}
              onKey={(event) => press(event, line)}
            />
          ))}
          {lines.length > most && (
            <p className={`${styles.quiet} ${styles.nothing}`}>{t.treeCut(format.number(most))}</p>
          )}
        </div>
      )}
      <div className={styles.foot}>
        {active ? (
          <>
            <code className={styles.path}>{active.path}</code>
            <CopyButton name={t.copyPath} text={active.path} />
            <CopyButton name={t.copyValue} text={plain(active.value)} />
          </>
        ) : (
          <span className={styles.quiet}>{t.noLine}</span>
        )}
      </div>
    </div>
  )
}

type RowProps = {
  line: Line
  isCurrent: boolean
  isReachable: boolean
  isFound: boolean
  onToggle: () => void
  onChoose: () => void
  onKey: (event: KeyboardEvent) => void
}

function Row({ line, isCurrent, isReachable, isFound, onToggle, onChoose, onKey }: RowProps) {
  const names = [styles.row, isCurrent && styles.isCurrent, isFound && styles.isFound]
  return (
    <div
      role="treeitem"
      aria-level={line.depth + 1}
      aria-selected={isCurrent}
      aria-expanded={line.count > 0 ? line.isOpen : undefined}
      tabIndex={isReachable ? 0 : -1}
      className={names.filter(Boolean).join(' ')}
      style={{ paddingLeft: `${0.5 + Math.min(line.depth, 14) * 1.125}rem` }}
      onFocus={onChoose}
      onClick={() => {
        onChoose()
        if (line.count > 0) onToggle()
      }}
      onKeyDown={onKey}
    >
      <span className={styles.arrow} aria-hidden="true">
        {line.count > 0 && (line.isOpen ? <ChevronDown size={13} /> : <ChevronRight size={13} />)}
      </span>
      <span className={line.isIndex ? styles.index : styles.key}>{visible(line.key)}</span>
      <Value line={line} isWhole={isCurrent} />
    </div>
  )
}

function Value({ line: { value, count, isOpen }, isWhole }: { line: Line; isWhole: boolean }) {
  const t = useResourceTexts()
  const format = useFormats()
  if (typeof value === 'object' && value !== null) {
    const [from, to] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
    if (count === 0) return <span className={styles.quiet}>{`${from}${to}`}</span>
    return <span className={styles.quiet}>{isOpen ? t.entries(count) : `${from} ${t.entries(count)} ${to}`}</span>
  }
  if (typeof value !== 'string') return <span className={styles.value}>{String(value)}</span>
  const isCut = !isWhole && value.length > longest
  return (
    <span className={styles.text}>
      {`"${visible(isCut ? `${value.slice(0, longest)}…` : value)}"`}
      {isCut && <span className={styles.quiet}> {t.characters(format.number(value.length))}</span>}
    </span>
  )
}

function CopyButton({ name, text }: { name: string; text: string }) {
  const [isDone, copy] = useCopy(text)
  return (
    <Button isSmall look="ghost" onPress={copy}>
      {isDone ? <Check size={12} /> : <Copy size={12} />}
      {name}
    </Button>
  )
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? '')
}
