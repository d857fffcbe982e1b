import { startApp } from '@sekisho/ui/start';
import { Desk } from './Desk';

startApp(<Desk />, null);
