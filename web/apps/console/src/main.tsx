import { startApp } from '@sekisho/ui/start';
import './console.css';
import { watchHands } from './api/awake';
import { App } from './App';
import { linkInHash } from './entry';
import { chosenLanguage } from './tongue';

linkInHash(window.location, window.history);
watchHands(window);
startApp(<App />, chosenLanguage());
