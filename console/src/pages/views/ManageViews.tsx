// One's own views of a page: renamed, shared, taken away.
import { useQuery } from '@tanstack/react-query'
import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { Schemas } from '../../api/client'
import { useMay, useSession } from '../../api/session'
import { Button } from '../../parts/Button'
import { Dialog } from '../../parts/Dialog'
import { FormButtons } from '../../parts/Field'
import { Loaded, Note } from '../../parts/States'
import { useTell } from '../../parts/Toasts'
import { useTexts } from '../../texts'
import { useCommon } from '../../texts/common'
import { views as en } from '../../texts/en/views'
import { views as ja } from '../../texts/ja/views'
import { useRemoveView, useSaveView, viewsQuery } from './queries'
import type { ViewedPage } from './Views'
import styles from './Views.module.css'

export function ManageViews({ page, onClose }: { page: ViewedPage; onClose: () => void }) {
  const t = useTexts({ en, ja })
  const common = useCommon()
  const session = useSession()
  const asked = useQuery(viewsQuery)
  const isAdministrator = session?.Permission === 'administer'
  const mayChange = (it: Schemas['SavedView']) => it.Owner === session?.User.Name || isAdministrator
  return (
    <Dialog title={t.manageTitle} isOpen onClose={onClose} isWide>
      <Loaded from={asked}>
        {(all) => {
          const own = all.filter((it) => it.Page === page && mayChange(it))
          if (own.length === 0) {
            return (
              <>
                <p>{t.none}</p>
                <p className={styles.quiet}>{t.noneHint}</p>
              </>
            )
          }
          return (
            <ul className={styles.list}>
              {own.map((it) => (
                <View key={it.Id} of={it} isMine={it.Owner === session?.User.Name} all={own} />
              ))}
            </ul>
          )
        }}
      </Loaded>
      <FormButtons>
        <Button onPress={onClose}>{common.close}</Button>
      </FormButtons>
    </Dialog>
  )
}

function View({ of, isMine, all }: { of: Schemas['SavedView']; isMine: boolean; all: Schemas['SavedView'][] }) {
  const t = useTexts({ en, ja })
  const tell = useTell()
  const may = useMay()
  // Who shared one before may always take that back.
  const mayShare = may('whole') && (may('triage') || of.Shared)
  const [name, setName] = useState(of.Name)
  const [isShared, setShared] = useState(of.Shared)
  const [isSure, setSure] = useState(false)
  const save = useSaveView(() => undefined)
  const remove = useRemoveView(() => tell.done(t.removed(of.Name)))
  const view = { Name: of.Name, Page: of.Page, Query: of.Query, Shared: of.Shared }
  const rename = () => {
    const next = name.trim()
    if (next === '' || next === of.Name) return setName(of.Name)
    // A name that another view has already is saved over it; the one renamed goes.
    const replaces = all.some((it) => it.Id === of.Id) ? { replaces: of.Id } : {}
    save.mutate({ view: { ...view, Name: next }, ...replaces }, { onSuccess: () => tell.done(t.renamed) })
  }
  const share = (isShared: boolean) => {
    setShared(isShared)
    save.mutate(
      { view: { ...view, Shared: isShared } },
      {
        onSuccess: () => tell.done(isShared ? t.sharedNow(of.Name) : t.unsharedNow(of.Name)),
        onError: () => setShared(!isShared),
      },
    )
  }
  return (
    <li className={styles.view}>
      {isMine ? (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            rename()
          }}
        >
          <input
            className={styles.name}
            aria-label={t.rename(of.Name)}
            value={name}
            maxLength={100}
            onChange={(event) => setName(event.target.value)}
            onBlur={rename}
          />
        </form>
      ) : (
        <span className={styles.other}>
          {of.Name} <span className={styles.quiet}>{t.by(of.Owner)}</span>
        </span>
      )}
      {isMine && mayShare && (
        <label className={styles.check}>
          <input
            type="checkbox"
            checked={isShared}
            aria-label={t.shareOne(of.Name)}
            onChange={(event) => share(event.target.checked)}
          />
          {t.isShared}
        </label>
      )}
      {isSure ? (
        <Button isSmall look="danger" onPress={() => remove.mutate(of.Id)} isBusy={remove.isPending} autoFocus>
          {t.removeSure(of.Name)}
        </Button>
      ) : (
        <Button isSmall isIcon look="ghost" label={t.remove(of.Name)} onPress={() => setSure(true)}>
          <Trash2 size={14} />
        </Button>
      )}
      <Note error={save.error ?? remove.error} />
    </li>
  )
}
