import type { Page } from 'playwright-core';
import * as a from './answers';
import * as k from './callAnswers';
import type { Answers } from './harness';
import type { Shown } from './states';

// The telephone's own screens in their states.

const press = (ja: string | RegExp, en: string | RegExp) => async (page: Page, english: boolean) => {
  await page.getByRole('button', { name: english ? en : ja }).first().click();
  await page.waitForTimeout(200);
};
const at = (login: string, acts = true, line = false): Answers => ({ ...a.everything(login), ...k.telephone, 'GET /calls/board': { body: k.board(acts, line) } });
const nobody = { ...k.board(true, false), queues: [], agents: [], calls: [] };
const search = press(/^検索$/, /^Search$/);

export const callStates: Shown[] = [
  { name: 'calls', answers: at('sv-mihon'), path: '/#/calls' },
  { name: 'calls-admin', answers: at('admin', false), path: '/#/calls' },
  { name: 'calls-no-line', answers: at('sv-mihon'), path: '/#/calls', act: press(/通話に加わる/, /Take part/) },
  { name: 'calls-watching', answers: at('sv-mihon', true, true), path: '/#/calls', act: press(/通話に加わる/, /Take part/) },
  { name: 'calls-force', answers: at('sv-mihon'), path: '/#/calls', act: press(/状態を変える/, /Set the state/) },
  { name: 'calls-empty', answers: { ...at('sv-mihon'), 'GET /calls/board': { body: nobody } }, path: '/#/calls' },
  { name: 'calls-error', answers: { ...at('sv-mihon'), 'GET /calls/board': a.failure }, path: '/#/calls' },
  { name: 'callreports', answers: at('sv-mihon'), path: '/#/callreports' },
  { name: 'callreports-days', answers: at('sv-mihon'), path: '/#/callreports', act: async (page, en) => page.getByRole('tab', { name: en ? 'Attendance' : '勤務の事実' }).click() },
  { name: 'callreports-empty', answers: { ...at('sv-mihon'), 'GET /calls/report': { body: { ...k.report, found: 0, rows: [] } } }, path: '/#/callreports' },
  { name: 'recordings-first', answers: { ...at('sv-mihon'), 'GET /recordings/choices': { body: { clients: [...k.recordingChoices.clients, { ...k.recordingChoices.clients[0]!, id: 'client-2' }] } } }, path: '/#/recordings', act: search },
  { name: 'recordings', answers: at('sv-mihon'), path: '/#/recordings', act: search },
  { name: 'recordings-none', answers: { ...at('officer-1'), 'POST /recordings/search': { body: { recordings: [], before: '' } } }, path: '/#/recordings', act: search },
  { name: 'recordings-refused', answers: { ...at('sv-mihon'), 'POST /recordings/search': a.problem(403, 'recording.denied', 'この録音は聞けません。', '担当している委託元と業務の録音か、確かめてください。') }, path: '/#/recordings', act: search },
  { name: 'recordings-retention', answers: at('admin', false), path: '/#/recordings', act: press('保存日数', 'Days kept') },
  { name: 'recording', answers: at('sv-mihon'), path: k.recordingPath },
  { name: 'recording-opened', answers: at('sv-mihon'), path: k.recordingPath, act: press('録音を開く', 'Open the recording') },
  { name: 'recording-held', answers: { ...at('admin', false), 'GET /recordings/*': { body: k.recording('申し出により') } }, path: k.recordingPath, act: press('保留を解除する', 'Release it') },
];
