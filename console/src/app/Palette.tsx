// Search everything, jump anywhere: pages, frameworks, rules, accounts, and findings by their resource.
import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useEffect, useId, useMemo, useRef, useState } from 'react'
import { accountsQuery, rulesQuery } from '../api/queries'
import { useMay } from '../api/session'
import { frameworksQuery } from '../pages/compliance/queries'
import { Dialog } from '../parts/Dialog'
import { useLang } from '../texts'
import { useShellTexts } from '../texts/shell'
import styles from './Palette.module.css'
import { destinations } from './shortcuts'

type Option = { id: string; group: string; name: string; hint: string; href: string }

export function Palette({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const t = useShellTexts()
  return (
    <Dialog title={t.palette} isOpen={isOpen} onClose={onClose} isWide isTitleSilent>
      <Finder onClose={onClose} />
    </Dialog>
  )
}

function useOptions(text: string): Option[] {
  const t = useShellTexts()
  const lang = useLang()
  const may = useMay()
  const { data: rules } = useQuery(rulesQuery)
  const { data: accounts } = useQuery(accountsQuery)
  const { data: frameworks } = useQuery(frameworksQuery)
  return useMemo(() => {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean)
    const fits = (...all: string[]) => words.every((word) => all.some((it) => it.toLowerCase().includes(word)))
    const pages = destinations
      .filter((it) => may(it.needs) && fits(t.pages[it.page], it.to))
      .map((it) => ({
        id: it.page,
        group: t.palettePages,
        name: t.pages[it.page],
        hint: `g ${it.key}`,
        href: it.to,
      }))
    if (words.length === 0) return pages
    const found = (accounts ?? [])
      .filter(({ Account: it }) => fits(it.Id, it.Name ?? ''))
      .slice(0, 6)
      .map(({ Account: it }) => ({
        id: it.Id,
        group: t.paletteAccounts,
        name: it.Name || it.Id,
        hint: it.Id,
        href: `/accounts/${it.Id}`,
      }))
    const known = (rules ?? [])
      .filter((it) => fits(it.Id, it.Title.en, it.Title.ja))
      // Whoever writes a rule's id means that rule.
      .sort((a, b) => Number(fits(b.Id)) - Number(fits(a.Id)))
      .slice(0, 8)
      .map((it) => ({
        id: it.Id,
        group: t.paletteRules,
        name: it.Title[lang] || it.Id,
        hint: it.Id.length > 30 ? '' : it.Id,
        href: `/rules/${encodeURIComponent(it.Id)}`,
      }))
    const standards = (frameworks ?? [])
      .filter((it) => fits(it.Id, it.Name.en, it.Name.ja))
      .slice(0, 5)
      .map((it) => ({
        id: it.Id,
        group: t.pages.compliance,
        name: it.Name[lang],
        hint: it.Id,
        href: `/compliance/${encodeURIComponent(it.Id)}`,
      }))
    const findings = {
      id: 'findings with text',
      group: t.paletteSearch,
      name: t.paletteFindings(text.trim()),
      hint: '',
      href: `/findings?text=${encodeURIComponent(text.trim())}`,
    }
    return [...pages, ...found, ...standards, ...known, findings]
  }, [text, t, lang, may, rules, accounts, frameworks])
}

function Finder({ onClose }: { onClose: () => void }) {
  const t = useShellTexts()
  const router = useRouter()
  const id = useId()
  const [text, setText] = useState('')
  const [active, setActive] = useState(0)
  const options = useOptions(text)
  const list = useRef<HTMLDivElement>(null)
  const at = Math.min(active, options.length - 1)
  useEffect(() => {
    list.current?.querySelector(`[id="${id}${at}"]`)?.scrollIntoView({ block: 'nearest' })
  }, [at, id])
  const go = (option: Option | undefined) => {
    if (!option) return
    onClose()
    router.history.push(option.href)
  }
  return (
    <>
      <input
        className={styles.field}
        role="combobox"
        aria-expanded="true"
        aria-controls={`${id}list`}
        aria-activedescendant={at >= 0 ? `${id}${at}` : undefined}
        aria-label={t.palette}
        placeholder={t.paletteHint}
        value={text}
        // biome-ignore lint/a11y/noAutofocus: whoever opens the palette wants to write
        autoFocus
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => {
          setText(event.target.value)
          setActive(0)
        }}
        onKeyDown={(event) => {
          // While Japanese is being composed, Enter chooses characters.
          if (event.nativeEvent.isComposing) return
          const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
          if (step !== 0) setActive((at + step + options.length) % options.length)
          else if (event.key === 'Enter') go(options[at])
          else return
          event.preventDefault()
        }}
      />
      <div ref={list} id={`${id}list`} className={styles.list} role="listbox" aria-label={t.palette}>
        {options.map((option, index) => (
          <div key={`${option.group} ${option.id}`}>
            {options[index - 1]?.group !== option.group && (
              <div className={styles.group} role="presentation">
                {option.group}
              </div>
            )}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the focus and takes the keys */}
            <div
              id={`${id}${index}`}
              className={styles.option}
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              onClick={() => go(option)}
              onMouseMove={() => setActive(index)}
            >
              <span className={styles.name}>{option.name}</span>
              <span className={styles.hint}>{option.hint}</span>
            </div>
          </div>
        ))}
        {options.length === 0 && <p className={styles.nothing}>{t.paletteNothing}</p>}
      </div>
    </>
  )
}
