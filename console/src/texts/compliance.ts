// The words of frameworks, which the list, the page of one and that of a requirement use.
import { compliance as en } from './en/compliance'
import { useTexts, type Words } from './index'
import { compliance as ja } from './ja/compliance'

export function useComplianceTexts(): Words<typeof en> {
  return useTexts({ en, ja })
}
