import type { LocalStatus } from '@sekisho/wire/local';
import type { Me, PostureChecked, PostureStanding, Record } from '@sekisho/wire/desk';
import type { Phone } from '@sekisho/wire/calls';
import type { RoomCheck } from '@sekisho/wire/room';
import type { Scene } from './agent.ts';

// Demonstration data: the people and the centre are invented.

export const status: LocalStatus = {
  phase: 'ready', code: '', title: '', action: '', asset_tag: 'PC-0142', fingerprint: '', server: 'center.example.jp:8444',
  tier: 'B', connection: '', session: '', engine: 'standard', state: 'unknown', since_ms: 0, person: '', version: '0.1.0', models: [], seq: 0, again: false, shared: false,
};

export const me: Me = {
  connection: '01930000-0000-7000-8000-000000000001',
  device: { id: '01930000-0000-7000-8000-000000000002', asset_tag: 'PC-0142', tier: 'B', place: 'home' },
  person: { id: '01930000-0000-7000-8000-000000000003', name: '見本 花子', consented: true, lapsed: false, face_usable: true, commitment: 'ab', model: 'cd', console: false },
  missing: [],
  session: null,
  policy: { name: 'home', version: 1, place: 'home', onlooker: true, absent_ms: 10000, reentry: 'standard', lock_os: true, allow_software: false, confirm_every_s: 300 },
  demo: false,
  training: { open: 0, due: null },
};

const record = (row: Pick<Record, 'at' | 'kind'> & Partial<Record>): Record => ({
  incident: '', state: 'unknown', decision: '', pictures: 0, delete_at: null, viewer: '', note: '', ...row,
});

const checked = (check: string, level: PostureChecked['level'], name: string, seen: string, todo: string): PostureChecked => ({
  check, level, outcome: 'fail', failing: true, name, seen, do: todo, at: '2026-11-22T01:29:48Z',
});

/** badPosture is a PC with two things that close and one that warns. */
export function badPosture(language: string, closing: boolean): PostureStanding {
  const ja = language === 'ja';
  const warned = checked('usb_storage', 'warn', ja ? 'USBメモリー' : 'USB storage', ja ? '使える設定か、つながっています：USB storage' : 'Allowed or attached: USB storage',
    ja ? 'USBメモリーを抜いてください。使えない設定は、管理者に依頼してください。' : 'Remove USB storage; ask your administrator to block it.');
  const closes = [
    checked('disk_encryption', 'close', ja ? 'ディスクの暗号化' : 'Disk encryption', ja ? '暗号化されていません' : 'Not encrypted',
      ja ? 'ディスクの暗号化（BitLocker、LUKS）を有効にするよう、管理者に依頼してください。' : 'Ask your administrator to switch disk encryption (BitLocker, LUKS) on.'),
    checked('remote_control', 'close', ja ? '遠隔操作のプログラム' : 'Remote-control programs', ja ? '動いています：AnyDesk' : 'Running: AnyDesk',
      ja ? '遠隔操作のプログラムを終了してください。' : 'End the remote-control program.'),
  ];
  return { at: '2026-11-22T01:29:48Z', code: closing ? 'posture.refused' : '', refused: closing, checks: closing ? [...closes, warned] : [warned] };
}

/** nothingAsked is the self-check of somebody who works in the office. */
const nothingAsked: RoomCheck = {
  rules: 0, photo: 'optional', valid_months: 6, keep_days: 190, questions: [], asked: false, due: false, state: 'none', until: null, last: null,
};

/** openScene is a fresh scene, in Japanese or English as the server would answer. */
export function openScene(language: string): Scene {
  const ja = language === 'ja';
  return {
    status: structuredClone(status),
    me: structuredClone(me),
    consent: {
      version: 2,
      language,
      title: ja ? '顔認証と在席・のぞき見検知についての同意' : 'Consent to face check and presence guard',
      purpose: ja
        ? '在宅で個人情報を扱う業務で、登録されたご本人が一人で画面の前にいることを確かめるためです。評価や勤怠の採点には使いません。'
        : 'To make sure that you, and you alone, sit before the screen while you work with personal data at home. It is never used to rate you.',
      kept: ja
        ? '顔の特徴: このPCの中だけに暗号化して保管し、返却時に消します。\nサーバー: 特徴を復元できない照合用の値だけを保管します。\n検知時の記録画像: 情報セキュリティ責任者2名がそろわないと開けない形で保管し、判断から7日で消します。'
        : 'Face features: sealed on this PC only, erased when you return it.\nServer: a value from which the features cannot be restored.\nPictures of a detection: sealed so that only two security officers together can open them, erased 7 days after the decision.',
      refusal: ja ? '同意しなくても不利益はありません。パスキーとSVの承認で業務を行えます。' : 'There is no disadvantage in refusing. You can work with a passkey and a supervisor’s approval.',
      contact: ja ? '見本コンタクトセンター 個人情報相談窓口 (内線 1234)' : 'Sample Contact Centre, privacy desk (extension 1234)',
      responsible: ja ? '見本 太郎 (個人情報保護管理者)' : 'Taro Mihon (data protection manager)',
    },
    approval: { id: '01930000-0000-7000-8000-000000000009', kind: 'face_enrolment', code: '4821', state: 'waiting', expires: new Date(Date.now() + 580_000).toISOString() },
    desktops: [{ id: '01930000-0000-7000-8000-00000000000a', name: ja ? '受注センター' : 'Order desk' }],
    recordsBefore: 41,
    posture: { at: '2026-11-22T01:29:48Z', code: '', refused: false, checks: [] },
    records: [
      record({ at: '2026-11-21T05:12:44Z', kind: 'incident.reported', incident: '01930000-0000-7000-8000-0000000000b1', state: 'onlooker', pictures: 2 }),
      record({ at: '2026-11-21T05:12:44Z', kind: 'session.ended', state: 'onlooker', note: 'lease.onlooker' }),
      record({ at: '2026-11-21T00:31:07Z', kind: 'session.opened' }),
      record({
        at: '2026-11-20T06:20:00Z', kind: 'evidence.viewed', incident: '01930000-0000-7000-8000-0000000000b2', state: 'covered',
        viewer: ja ? '見本 次郎 (officer)' : 'Jiro Mihon (officer)', note: ja ? '検知の内容を確かめるため' : 'To see what was detected',
      }),
      record({
        at: '2026-11-20T06:31:00Z', kind: 'incident.decided', incident: '01930000-0000-7000-8000-0000000000b2', state: 'covered', decision: 'harmless',
        viewer: ja ? '見本 次郎' : 'Jiro Mihon', note: ja ? 'カメラの清掃' : 'The camera was being cleaned',
      }),
      record({
        at: '2026-11-20T01:03:10Z', kind: 'incident.reported', incident: '01930000-0000-7000-8000-0000000000b2', state: 'covered', decision: 'harmless',
        pictures: 1, delete_at: '2026-11-27T01:03:10Z', note: ja ? 'レンズを拭いていました。' : 'I was cleaning the lens.',
      }),
    ],
    refuse: new Map(),
    more: new Map<string, unknown>([['GET /api/desk/v1/room', nothingAsked], ['GET /api/desk/v1/calls', noTelephone]]),
  };
}

/** noTelephone is what somebody without queues and numbers is told. */
const noTelephone: Phone = { state: 'out', since: '2026-11-21T00:00:00Z', next: '', line: 'none', hand: false, queues: [], call: null, wrap_up: null, consult: null, own: [], reasons: [], may: [] };
