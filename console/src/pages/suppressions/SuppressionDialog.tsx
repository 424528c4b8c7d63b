// One suppression, and what can be done about it.
import { useState } from 'react'
import type { Schemas } from '../../api/client'
import { useMay, useSession } from '../../api/session'
import { Button, ButtonLink } from '../../parts/Button'
import { Confirm } from '../../parts/Confirm'
import { Dialog } from '../../parts/Dialog'
import { FormButtons } from '../../parts/Field'
import { Facts, Section } from '../../parts/Page'
import { Time } from '../../parts/Time'
import { useTell } from '../../parts/Toasts'
import { useCommon } from '../../texts/common'
import { useFormats } from '../../texts/format'
import { useSuppressionTexts } from '../../texts/suppressions'
import { useTriageRefusal } from '../findings/Triage'
import { useApprove, useRemove } from './queries'
import { ScopeFacts } from './ScopeFacts'
import { StateOf } from './Suppressions'
import styles from './Suppressions.module.css'
import { ofLine, type Start } from './scope'

type Line = Schemas['SuppressionLine']
type Props = { of: Line; onClose: () => void; onAgain: (start: Start) => void }

export function SuppressionDialog({ of: it, onClose, onAgain }: Props) {
  const t = useSuppressionTexts()
  const format = useFormats()
  const isRequest = it.State === 'REQUESTED'
  return (
    <Dialog title={it.Name} isOpen onClose={onClose} isWide>
      <div className={styles.detail}>
        <p className={styles.badges}>
          <StateOf of={it} />
          <span className="numbers">
            {isRequest ? t.wouldHide : t.hides}: <strong>{format.number(it.Hides)}</strong>
          </span>
        </p>
        <Section title={t.reason}>
          <p className={styles.text}>{it.Reason}</p>
        </Section>
        {it.CompensatingControl !== '' && (
          <Section title={t.control}>
            <p className={styles.text}>{it.CompensatingControl}</p>
          </Section>
        )}
        <Section title={t.scope}>
          <ScopeFacts of={it.Scope} />
        </Section>
        <Facts
          of={[
            [
              t.until,
              it.Until &&
                `${format.day(it.Until)} (${it.DaysLeft < 0 ? t.endedAgo(-it.DaysLeft) : t.daysLeft(it.DaysLeft)})`,
            ],
            [t.requester, it.Requester],
            [t.asked, it.RequestedAt && <Time key="asked" at={it.RequestedAt} look="moment" />],
            [t.approver, it.Approver],
            [t.file, it.File && <code key="file">{it.File}</code>],
          ]}
        />
        {it.File && <p className={styles.caution}>{t.changeInFile(it.File)}</p>}
      </div>
      <Buttons of={it} onClose={onClose} onAgain={onAgain} />
    </Dialog>
  )
}

function Buttons({ of: it, onClose, onAgain }: Props) {
  const t = useSuppressionTexts()
  const common = useCommon()
  const format = useFormats()
  const tell = useTell()
  const may = useMay()
  const me = useSession()?.User.Name
  const triageRefusal = useTriageRefusal()
  const approve = useApprove()
  const remove = useRemove()
  const [open, setOpen] = useState<'approve' | 'remove' | null>(null)
  const isMine = it.Requester === me
  const isRequest = it.State === 'REQUESTED'
  const noApproval = may('approve') ? undefined : common.notAllowed(common.permission.approve)
  const kind = isRequest ? (isMine ? 'takeBack' : 'refuse') : 'remove'
  const told = {
    takeBack: [t.takeBackTitle(it.Name), t.takeBackText, t.takenBack(it.Name)],
    refuse: [t.refuseTitle(it.Name), t.refuseText, t.refused(it.Name)],
    remove: [t.removeTitle(it.Name), t.removeText(it.Hides, format.number(it.Hides)), t.removed(it.Name)],
  }[kind] as [string, string, string]
  return (
    <>
      <FormButtons>
        <span className={styles.left}>
          {it.State === 'ACTIVE' && (
            <ButtonLink to="/findings" search={{ suppression: [it.Name], workflow: ['SUPPRESSED'] }}>
              {t.seeFindings}
            </ButtonLink>
          )}
        </span>
        <Button onPress={onClose}>{common.close}</Button>
        {!isRequest && !it.File && (
          <Button
            refusal={triageRefusal}
            onPress={() => {
              onClose()
              onAgain(ofLine(it))
            }}
          >
            {t.again}
          </Button>
        )}
        <Button
          look="danger"
          refusal={it.File ? t.inFile : isRequest && isMine ? undefined : noApproval}
          onPress={() => setOpen('remove')}
        >
          {t[kind]}
        </Button>
        {isRequest && (
          <Button
            look="primary"
            refusal={noApproval ?? (isMine ? t.own : undefined)}
            onPress={() => setOpen('approve')}
          >
            {t.approve}
          </Button>
        )}
      </FormButtons>
      {open === 'approve' && (
        <Confirm
          title={t.approveTitle(it.Name)}
          text={t.approveText(it.Hides, format.number(it.Hides), it.Until ? format.day(it.Until) : '')}
          action={t.approve}
          run={async () => {
            const { Hidden: hidden } = await approve(it.Name)
            tell.done(t.approved(it.Name), t.approvedDetail(format.number(hidden)))
          }}
          onClose={() => setOpen(null)}
        />
      )}
      {open === 'remove' && (
        <Confirm
          title={told[0]}
          text={told[1]}
          action={t[kind]}
          run={async () => {
            const { Returned: returned } = await remove(it.Name)
            tell.done(told[2], kind === 'remove' ? t.returned(format.number(returned)) : '')
            onClose()
          }}
          onClose={() => setOpen(null)}
        />
      )}
    </>
  )
}
