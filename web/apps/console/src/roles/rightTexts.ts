import { defineTexts } from '@sekisho/ui/language';

/** rightTexts say each right of an own role as a sentence (gate/roles). */
export const rightTexts = defineTexts('console.rights', {
  'floor.watch': { ja: '稼働状況を見る', en: 'See the floor' },
  'floor.close': { ja: '稼働状況を見て、接続を終了する', en: 'See the floor and end sessions' },
  'incidents.list': { ja: '検知があったことを知る（記録の内容は見ない）', en: 'Learn that there was an incident, without its details' },
  'refusals.read': { ja: '接続が拒否された理由を見る', en: 'See why somebody was refused' },
  'training.read': { ja: '教育の状況と規程を見る', en: 'See who has done which training, and the rule documents' },
  'shifts.read': { ja: 'シフトを見る', en: 'See the shifts' },
  'incidents.read': { ja: '検知の内容を見る（記録画像は取り出さない）', en: 'Read incidents, without fetching sealed records' },
  'log.read': { ja: '監査ログを検索して読む', en: 'Search and read the audit log' },
  'log.take': { ja: '監査ログを書き出す', en: 'Take the audit log away' },
  'reports.read': { ja: '委託元への報告書を読む', en: 'Read client reports' },
  'settings.read': { ja: 'ポリシーと接続の設定を見る', en: 'See policies and settings' },
  'training.records': { ja: '講座を見て、受講記録を書き出す', en: 'See courses and take training records away' },
  'clients.read': { ja: '委託元と業務、担当者を見る', en: 'See client companies, works and who is on them' },
  'reports.make': { ja: '委託元への報告書を作る', en: 'Make client reports' },
  'evidence.hold': { ja: '封印された記録の削除を保留し、保留を解除する', en: 'Hold the deletion of sealed records, and release it' },
  'evidence.fetch': { ja: '封印された記録を取り出す（開封には2人の鍵が必要）', en: 'Fetch sealed records; opening them takes two officers' },
  'devices.read': { ja: '貸与PCの台帳を見る', en: 'See the inventory of PCs' },
  'devices.manage': { ja: 'PCを登録・貸与・停止・返却する', en: 'Register, issue, suspend and return PCs' },
  'people.read': { ja: '利用者の一覧を見る', en: 'See the list of people' },
  'people.manage': { ja: 'オペレーターを追加・変更・停止する（ほかの役割を持つ人は扱わない）', en: 'Add, change and suspend operators, and nobody who holds more' },
  'desktops.manage': { ja: '仮想デスクトップと、使える人を決める', en: 'Define virtual desktops and who may use them' },
  'clients.manage': { ja: '委託元・業務・担当者を登録し、変更する', en: 'Define client companies, works and who is on them' },
  'training.manage': { ja: '講座と規程、教育の条件を変更する', en: 'Change courses, rule documents and training rules' },
  'shifts.manage': { ja: 'シフトを登録し、変更する', en: 'Enter and change shifts' },
  'posture.manage': { ja: '検知ポリシーと、端末の安全状態の条件を変更する', en: 'Change guard policies and posture rules' },
});

/** isRight says whether a right has words here; one that has none is shown by its code. */
export function isRight(right: string): right is keyof (typeof rightTexts)['messages'] {
  return right in rightTexts.messages;
}
