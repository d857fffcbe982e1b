import { useTexts } from '@sekisho/ui/language';
import { Page } from '@sekisho/ui/Page';
import { deskTexts } from './texts';

export function Desk() {
  const say = useTexts(deskTexts);
  return <Page place={say('place')}>{null}</Page>;
}
