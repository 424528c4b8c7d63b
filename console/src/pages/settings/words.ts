// The words of the settings.
import { useTexts } from '../../texts'
import { settings as en } from '../../texts/en/settings'
import { settings as ja } from '../../texts/ja/settings'

export function useSettingsTexts() {
  return useTexts({ en, ja })
}
