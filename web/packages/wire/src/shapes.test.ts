import { describe, expect, test } from 'vitest';
import shapes from '../testdata/shapes.json';
import * as desk from './desk';
import * as local from './local';
import type { Frame, PageMessage } from './local';
import { PasskeyOptions, type PasskeyFinish } from './passkey';
import { Problem } from './problem';
import * as room from './room';
import * as practice from './practice';
import * as training from './training';

// shapes.json is written by `go test ./web -update` from internal/wire.

type Name = keyof typeof shapes;

const read: [Name, { shape: object }][] = [
  ['LocalBearer', local.LocalBearer],
  ['LocalStatus', local.LocalStatus],
  ['LocalModel', local.LocalModel],
  ['LocalVerdict', local.LocalVerdict],
  ['LocalProgress', local.LocalProgress],
  ['Problem', Problem],
  ['Me', desk.Me],
  ['DeskDevice', desk.Me.shape.device],
  ['DeskPerson', desk.Me.shape.person],
  ['DeskSession', desk.DeskSession],
  ['GuardPolicy', desk.GuardPolicy],
  ['ConsentText', desk.ConsentText],
  ['Approval', desk.Approval],
  ['DeskDesktop', desk.DeskDesktop],
  ['Record', desk.Record],
  ['Records', desk.Records],
  ['Event', desk.Event],
  ['Words', training.Words],
  ['TrainingDue', training.TrainingDue],
  ['Training', training.Training],
  ['TrainingCourse', training.TrainingCourse],
  ['TrainingAttempt', training.TrainingAttempt],
  ['TrainingQuestion', training.TrainingQuestion],
  ['TrainingAnswered', training.TrainingAnswered],
  ['TrainingResult', training.TrainingResult],
  ['TrainingDocument', training.TrainingDocument],
  ['RuleDocument', training.RuleDocument],
  ['RuleChange', training.RuleChange],
  ['RuleLine', training.RuleLine],
  ['Practice', practice.Practice],
  ['PracticeScenario', practice.PracticeScenario],
  ['PracticeCustomer', practice.PracticeCustomer],
  ['PracticeCard', practice.PracticeCard],
  ['PracticeRun', practice.PracticeRun],
  ['PracticeTurn', practice.PracticeTurn],
  ['PracticeChosen', practice.PracticeChosen],
  ['PasskeyOptions', PasskeyOptions],
  ['PostureStanding', desk.PostureStanding],
  ['PostureChecked', desk.PostureChecked],
  ['RoomCheck', room.RoomCheck],
  ['RoomQuestion', room.RoomQuestion],
  ['RoomAnswer', room.RoomAnswer],
  ['RoomDone', room.RoomDone],
];

test('what a login may ask is what the pages know', () => {
  expect(local.challenges.filter((c) => c !== '')).toEqual(shapes.challenges);
});

test.each(read)('%s is read as the server writes it', (name, schema) => {
  expect(Object.keys(schema.shape).sort()).toEqual(shapes[name]);
});

const frame: Frame = {
  id: 1, age_ms: 1, width: 1, height: 1, faces: [], luma: 0, spread: 0, change: 0, muted: false, hidden: false, camera: '', took_ms: 0, nonce: '',
};
const face: Frame['faces'][number] = { box: [0, 0, 0, 0], score: 0, points: [], embedding: '', live: null, yaw: null, pitch: null, sharpness: 0 };

describe('what the page sends, the agent knows: it refuses unknown fields', () => {
  test('frame and face are whole', () => {
    expect(Object.keys(frame).sort()).toEqual(shapes.Frame);
    expect(Object.keys(face).sort()).toEqual(shapes.Face);
  });

  const sent: PageMessage[] = [
    { type: 'hello', bearer: '', language: 'ja' },
    { type: 'frame', frame },
    { type: 'alive' },
    { type: 'picture', incident: '', frame_id: 1 },
    { type: 'screen', incident: '', frame_id: 1 },
    { type: 'login', approval: '' },
    { type: 'enrol', approval: '' },
    { type: 'pose', pose: 'front' },
    { type: 'break' },
    { type: 'resume' },
    { type: 'confirm' },
    { type: 'leave' },
  ];
  test.each(sent)('$type', (message) => {
    for (const key of Object.keys(message)) expect(shapes.PageMessage).toContain(key);
  });

  test('answers to the desk door', () => {
    const consent: desk.ConsentAnswer = { version: 1, accept: true };
    const ask: desk.ApprovalRequest = { kind: 'face_enrolment', note: '' };
    const finish: PasskeyFinish = { credential: {}, approval: '' };
    expect(Object.keys(consent).sort()).toEqual(shapes.ConsentAnswer);
    expect(Object.keys(ask).sort()).toEqual(shapes.ApprovalRequest);
    expect(Object.keys(finish).sort()).toEqual(shapes.PasskeyFinish);
    const answers: room.RoomAnswers = { rules: 0, answers: [], remark: '', photo: '' };
    expect(Object.keys(answers).sort()).toEqual(shapes.RoomAnswers);
  });
});

test('every message of the agent that the page reads has a field of that name', () => {
  for (const option of local.AgentMessage.options) {
    for (const key of Object.keys(option.shape)) expect(shapes.AgentMessage).toContain(key);
  }
});
