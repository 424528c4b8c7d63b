// Machine text: commands, configurations, identifiers. Always text nodes, whatever is in it.
import { Check, Copy } from 'lucide-react'
import { Fragment, useEffect, useState } from 'react'
import { useCommon } from '../texts/common'
import { Button } from './Button'
import styles from './Code.module.css'
import { visible } from './jsonLines'

export function useCopy(text: string): [boolean, () => void] {
  const [isDone, setDone] = useState(false)
  useEffect(() => {
    if (!isDone) return
    const timer = setTimeout(() => setDone(false), 1500)
    return () => clearTimeout(timer)
  }, [isDone])
  return [isDone, () => navigator.clipboard?.writeText(text).then(() => setDone(true))]
}

export function Code({ text, language = 'plain' }: { text: string; language?: 'plain' | 'json' }) {
  const t = useCommon()
  const [isDone, copy] = useCopy(text)
  return (
    <div className={styles.block}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable with the keyboard */}
      <pre tabIndex={0}>
        <code>{language === 'json' ? <Coloured json={text} /> : text}</code>
      </pre>
      <div className={styles.copy}>
        <Button isIcon isSmall look="ghost" label={isDone ? t.copied : t.copy} onPress={copy}>
          {isDone ? <Check size={14} /> : <Copy size={14} />}
        </Button>
      </div>
    </div>
  )
}

export function Json({ of }: { of: unknown }) {
  return <Code text={visible(JSON.stringify(of, null, 2) ?? '')} language="json" />
}

const token = /("(?:\\.|[^"\\])*")(\s*:)?|\b(true|false|null)\b|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/g

function Coloured({ json }: { json: string }) {
  // A configuration of megabytes is shown as it is: colours are not worth a frozen page.
  if (json.length > 200_000) return json
  const parts = []
  let from = 0
  for (const match of json.matchAll(token)) {
    const [all, text, colon] = match
    parts.push(json.slice(from, match.index))
    const kind = text === undefined ? styles.value : colon === undefined ? styles.text : styles.key
    parts.push(
      <Fragment key={match.index}>
        <span className={kind}>{text ?? all}</span>
        {colon}
      </Fragment>,
    )
    from = match.index + all.length
  }
  parts.push(json.slice(from))
  return parts
}

/** An identifier within text, to be copied with one press. */
export function Id({ text, canCopy = true }: { text: string; canCopy?: boolean }) {
  const t = useCommon()
  const [isDone, copy] = useCopy(text)
  if (!canCopy) return <span className={styles.mono}>{text}</span>
  return (
    <span className={styles.inline}>
      <span className={styles.mono}>{text}</span>
      <button
        type="button"
        className={styles.inlineCopy}
        onClick={copy}
        aria-label={isDone ? t.copied : `${t.copy}: ${text}`}
        title={isDone ? t.copied : t.copy}
      >
        {isDone ? <Check size={12} /> : <Copy size={12} />}
      </button>
    </span>
  )
}
