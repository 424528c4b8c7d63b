// How the last scan fared in an account.
import type { Schemas } from '../../api/client'
import { Badge } from '../../parts/Badge'
import { useAccountTexts } from '../../texts/accounts'
import { useCommon } from '../../texts/common'

export function ScanState({ of }: { of: Schemas['AccountDetail'] }) {
  const t = useAccountTexts()
  const common = useCommon()
  const state = of.Scan?.State
  if (!state) return <Badge tone="outline">{t.notScanned}</Badge>
  if (state.State === 'SCANNED') return <Badge tone="good">{t.scanned}</Badge>
  if (state.State === 'UNREACHABLE') {
    return (
      <Badge tone="bad" title={state.error}>
        {t.unreachable}
      </Badge>
    )
  }
  return <Badge>{`${t.skipped}: ${common.accountStatus[state.reason]}`}</Badge>
}
