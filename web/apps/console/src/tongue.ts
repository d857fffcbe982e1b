import type { Language } from '@sekisho/ui/language';

const key = 'sekisho.console.language';

/** chosenLanguage is what this browser's user chose last; it is a wish and holds no right. */
export function chosenLanguage(): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // storage is switched off: Japanese
  }
}

/** keepLanguage remembers the choice where the browser allows it. */
export function keepLanguage(language: Language): void {
  try {
    localStorage.setItem(key, language);
  } catch {
    return; // the choice then lives as long as the page
  }
}
