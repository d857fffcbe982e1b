import { startApp } from '@sekisho/ui/start';
import './console.css';
import { watchHands } from './api/awake';
import { enterHome, entryOf } from './api/home';
import { App } from './App';
import { linkInHash } from './entry';
import { chosenLanguage } from './tongue';

const entry = entryOf(window.location);
if (entry) {
  document.documentElement.dataset['issuedPc'] = 'yes';
  await enterHome(entry, window.history);
} else linkInHash(window.location, window.history);
watchHands(window);
startApp(<App />, entry?.language ?? chosenLanguage());
