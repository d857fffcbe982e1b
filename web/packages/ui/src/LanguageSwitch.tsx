import { Button } from '@mantine/core';
import { GlobeIcon } from './icons';
import { useLanguage, useTexts } from './language';
import { uiTexts } from './texts';

/** LanguageSwitch names the other language in its own words; one press changes the page. */
export function LanguageSwitch() {
  const { language, setLanguage } = useLanguage();
  const say = useTexts(uiTexts);
  const other = language === 'ja' ? 'en' : 'ja';
  return (
    <Button className="sk-language" variant="subtle" color="gray" size="compact-md" leftSection={<GlobeIcon size={18} />} lang={other} onClick={() => setLanguage(other)}>
      {say('language.other')}
    </Button>
  );
}
