// The frame of the pages before somebody has signed in.
import { Languages } from 'lucide-react'
import { type ReactNode, useEffect } from 'react'
import { Button } from '../../parts/Button'
import { Note } from '../../parts/States'
import { setLang, useLang, useTexts } from '../../texts'
import { entrance as en } from '../../texts/en/entrance'
import { entrance as ja } from '../../texts/ja/entrance'
import { useShellTexts } from '../../texts/shell'
import styles from './Entrance.module.css'

export function useEntranceTexts() {
  return useTexts({ en, ja })
}

/** Why nobody came in through an identity provider, and what to do: what the server sends a browser back with. */
export function Trouble({ problem }: { problem: string | undefined }) {
  const { troubles } = useEntranceTexts()
  if (problem === undefined || !Object.hasOwn(troubles, problem)) return null
  return <Note {...troubles[problem as keyof typeof troubles]} />
}

export function Entrance({ title, lead, children }: { title: string; lead?: string; children: ReactNode }) {
  const t = useEntranceTexts()
  const shell = useShellTexts()
  const lang = useLang()
  useEffect(() => {
    document.title = `${title} – Yagura`
  }, [title])
  return (
    <main className={styles.place}>
      <div className={styles.brand}>
        <img src="/yagura.svg" alt="" />
        <div>
          <h1>{title}</h1>
          <p>{t.claim}</p>
        </div>
      </div>
      <div className={styles.box}>
        {lead && <p className={styles.lead}>{lead}</p>}
        {children}
      </div>
      <Button look="ghost" label={shell.language} onPress={() => setLang(lang === 'ja' ? 'en' : 'ja')}>
        <Languages size={16} />
        <span lang={lang === 'ja' ? 'en' : 'ja'}>{lang === 'ja' ? 'English' : '日本語'}</span>
      </Button>
    </main>
  )
}
