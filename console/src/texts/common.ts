// The words that every page may use.
import { common as en } from './en/common'
import { useTexts, type Words } from './index'
import { common as ja } from './ja/common'

export function useCommon(): Words<typeof en> {
  return useTexts({ en, ja })
}
