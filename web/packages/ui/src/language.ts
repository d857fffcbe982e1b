import i18next, { type i18n } from 'i18next';
import { useCallback } from 'react';
import { initReactI18next, useTranslation } from 'react-i18next';

export const languages = ['ja', 'en'] as const;
export type Language = (typeof languages)[number];

/** One message in both languages. {{name}} marks what is filled in. */
export type Message = { ja: string; en: string };

/** Texts is a table of messages under one namespace; a key that is not in it does not compile. */
export type Texts<K extends string = string> = { namespace: string; messages: { [key in K]: Message } };

/** Values fill the {{…}} of a message. */
export type Values = { [name: string]: string | number };

/** Say gives a message in the page's language. */
export type Say<K extends string> = (key: K, values?: Values) => string;

/** defineTexts declares a table; both languages stand side by side, so neither can be forgotten. */
export function defineTexts<K extends string>(namespace: string, messages: { [key in K]: Message }): Texts<K> {
  return { namespace, messages };
}

const engine: i18n = i18next.createInstance();

/**
 * startLanguage must run once before the first render. Japanese unless English
 * is asked for; the choice lives in the page's memory alone.
 */
export function startLanguage(wanted: string | null): void {
  const lng: Language = wanted === 'en' ? 'en' : 'ja';
  void engine.use(initReactI18next).init({
    lng,
    resources: {},
    initAsync: false,
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false }, // React escapes
    returnNull: false,
  });
  document.documentElement.lang = lng;
}

/** currentLanguage is for requests; screens use useLanguage. */
export function currentLanguage(): Language {
  return engine.language === 'en' ? 'en' : 'ja';
}

/** useLanguage gives the page's language and the way to change it. */
export function useLanguage(): { language: Language; setLanguage: (language: Language) => void } {
  const { i18n } = useTranslation(undefined, { i18n: engine });
  const setLanguage = useCallback((language: Language) => {
    void engine.changeLanguage(language);
    document.documentElement.lang = language;
  }, []);
  return { language: i18n.language === 'en' ? 'en' : 'ja', setLanguage };
}

/** useTexts gives the messages of one table in the page's language. */
export function useTexts<K extends string>(texts: Texts<K>): Say<K> {
  register(texts);
  const { t } = useTranslation(texts.namespace, { i18n: engine });
  return useCallback((key, values) => t(key, { ...values, ns: texts.namespace }), [t, texts]);
}

function register(texts: Texts): void {
  if (engine.hasResourceBundle('ja', texts.namespace)) return;
  for (const language of languages) {
    const bundle = Object.fromEntries(Object.entries(texts.messages).map(([key, message]) => [key, message[language]]));
    engine.addResourceBundle(language, texts.namespace, bundle);
  }
}
