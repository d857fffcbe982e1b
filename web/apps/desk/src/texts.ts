import { defineTexts } from '@sekisho/ui/language';

// The words of everything up to work: opening, connecting, consent, enrolment,
// login. The words of work itself are in workTexts.ts.
export const deskTexts = defineTexts('desk', {
  'place': { ja: 'オペレーター画面', en: 'Operator desk' },
  'title.desk': { ja: '関所 オペレーター画面', en: 'Sekisho operator desk' },
  'title.work': { ja: '業務中 | 関所', en: 'At work | Sekisho' },
  'title.black': { ja: '画面を閉じています | 関所', en: 'Screen closed | Sekisho' },
  'title.break': { ja: '休憩中 | 関所', en: 'On break | Sekisho' },

  'opening.title': { ja: '開いています', en: 'Opening' },

  'ticket.title': { ja: 'この画面は開き直す必要があります', en: 'This page has to be opened again' },
  'ticket.body': {
    ja: '安全のため、オペレーター画面は一度きりの鍵で開きます。再読み込みしたり、別の場所から開いたりすると使えません。',
    en: 'For safety the desk opens with a key that works once. It cannot be reloaded or opened from elsewhere.',
  },
  'ticket.do': {
    ja: 'このタブを閉じ、PCのメニューから「関所」を開き直してください。メニューにないときは、次のコマンドでも開けます。',
    en: 'Close this tab and open Sekisho again from the programs of this PC. Where it is not among them, this command opens it too.',
  },

  'replaced.title': { ja: '別の画面に切り替わりました', en: 'Another page took over' },
  'replaced.body': {
    ja: 'オペレーター画面が新しく開かれたため、この画面は使えなくなりました。業務の画面は閉じています。',
    en: 'The desk was opened again, so this page no longer works. Its work screen is closed.',
  },
  'replaced.do': {
    ja: 'このタブを閉じて、新しい画面を使ってください。心当たりがないときは、SVに知らせてください。',
    en: 'Close this tab and use the new one. If you did not open it, tell your supervisor.',
  },

  'elsewhere.title': { ja: '別のタブで開いています', en: 'Open in another tab' },
  'elsewhere.body': {
    ja: 'オペレーター画面は1つのタブでだけ使えます。ここで使うと、もう一方のタブの業務画面は閉じます。',
    en: 'The desk works in one tab only. If you use it here, the work screen in the other tab closes.',
  },
  'elsewhere.here': { ja: 'このタブで使う', en: 'Use it here' },

  'gone.title': { ja: 'PCの関所エージェントに接続できません', en: 'The Sekisho agent on this PC does not answer' },
  'gone.body': {
    ja: '自動で接続し直しています。30秒たっても変わらないときは、PCを再起動するか、管理者に連絡してください。',
    en: 'Trying again by itself. If nothing changes within 30 seconds, restart the PC or call your administrator.',
  },

  'unenrolled.title': { ja: 'このPCはまだ登録されていません', en: 'This PC is not enrolled yet' },
  'unenrolled.body': {
    ja: '管理者が発行した登録コード（SK1- で始まる文字列）で登録します。コードは一度だけ使えます。',
    en: 'It is enrolled with the code that your administrator issues (it begins with SK1-). The code works once.',
  },
  'unenrolled.do': { ja: 'このPCで次のコマンドを実行してください。', en: 'Run this command on this PC.' },
  'unenrolled.code': { ja: '登録コード', en: 'CODE' },

  'lost.title': { ja: 'このPCの鍵が使えません', en: 'This PC’s key cannot be used' },
  'lost.face': {
    ja: '登録し直すまで接続できません。承認されたあと、SVの立ち会いで顔も登録し直します。',
    en: 'The PC cannot connect until it is enrolled again. Once that is approved, your face is enrolled again with a supervisor as witness.',
  },
  'lost.again': { ja: '登録し直す', en: 'Enrol again' },

  'pending.title': { ja: '管理者の承認を待っています', en: 'Waiting for your administrator’s approval' },
  'pending.body': {
    ja: '下の照合コードを管理者に伝え、管理画面に表示されているものと同じか確かめてもらってください。',
    en: 'Read the fingerprint below to your administrator, who compares it with the one in the console.',
  },
  'pending.differ': {
    ja: '1文字でも違うときは、承認しないよう管理者に伝えてください。別のPCが割り込んでいるおそれがあります。',
    en: 'If even one letter differs, tell the administrator not to approve: another machine may have come between.',
  },
  'pending.fingerprint': { ja: 'このPCの照合コード', en: 'Fingerprint of this PC' },
  'pending.next': { ja: '承認されると、この画面は自動で切り替わります。', en: 'This page moves on by itself once it is approved.' },

  'start.title': { ja: '業務を始めます', en: 'Start work' },
  'start.body': {
    ja: '「接続」を押すと、端末・回線・本人の順に確かめて、業務の画面を開きます。',
    en: 'Press Connect: the PC, the line and you are checked in turn, then your work screen opens.',
  },
  'start.ended': { ja: 'お疲れさまでした', en: 'Well done' },
  'start.ended.body': { ja: '接続を終了しました。もう一度始めるときは「接続」を押してください。', en: 'You are disconnected. Press Connect to start again.' },
  leave: { ja: '接続をやめる', en: 'Disconnect' },
  'start.connect': { ja: '接続', en: 'Connect' },
  'start.again': { ja: 'もう一度接続', en: 'Connect again' },
  'start.camera': {
    ja: 'カメラは、本人認証と在席・のぞき見検知にだけ使い、録画しません。このPCの外に出るのは、登録時の写真と、検知時のカメラと画面の画像だけで、どれも暗号化して送ります。',
    en: 'The camera serves face check and presence guard alone and is not recorded. Only sealed pictures leave this PC: one of your enrolment, and camera and screen when something is detected.',
  },
  'device.tag': { ja: '貸与PC', en: 'Issued PC' },
  'device.server': { ja: '接続先', en: 'Server' },
  'device.version': { ja: 'バージョン', en: 'Version' },

  'keys.label': { ja: '接続の手順', en: 'Steps of the connection' },
  'keys.device': { ja: '端末', en: 'PC' },
  'keys.line': { ja: '回線', en: 'Line' },
  'keys.person': { ja: '本人', en: 'You' },
  'keys.device.tag': { ja: '鍵1', en: 'Key 1' },
  'keys.line.tag': { ja: '通信', en: 'Tunnel' },
  'keys.person.tag': { ja: '鍵2', en: 'Key 2' },
  'keys.waiting': { ja: 'これから', en: 'To come' },
  'keys.running': { ja: '確認中', en: 'Checking' },
  'keys.done': { ja: '確認済み', en: 'Checked' },
  'keys.stopped': { ja: '止まっています', en: 'Stopped' },

  'connecting.title': { ja: '接続しています', en: 'Connecting' },
  'connecting.body': {
    ja: '端末の鍵を確かめ、暗号化した回線を開いています。通常は数秒で終わります。',
    en: 'Checking this PC’s key and opening the encrypted line. This takes a few seconds.',
  },
  'preparing.title': { ja: '準備しています', en: 'Preparing' },

  'consent.version': { ja: '同意文書 第{{version}}版', en: 'Consent text, version {{version}}' },
  'consent.lapsed': {
    ja: '前に同意した文面が新しくなりました。登録した顔は、答えるまで使わずに残します。同意すると、登録し直さずに使えます。',
    en: 'The text that you agreed to has changed. Your enrolled face is kept, unused, until you answer. If you agree, it serves as before.',
  },
  'consent.purpose': { ja: '利用目的', en: 'Purpose' },
  'consent.kept': { ja: '保管するもの・場所・期間', en: 'What is kept, where, how long' },
  'consent.refusal': { ja: '同意しない場合', en: 'If you refuse' },
  'consent.contact': { ja: '問い合わせ先', en: 'Contact' },
  'consent.responsible': { ja: '個人情報の取扱責任者', en: 'Responsible for personal data' },
  'consent.accept': { ja: '同意する', en: 'I agree' },
  'consent.refuse': { ja: '同意しない', en: 'I do not agree' },
  'consent.note': {
    ja: 'どちらを選んでも不利益はありません。同意は後から撤回できます。',
    en: 'Neither choice brings you a disadvantage. You can withdraw your consent later.',
  },
  'refused.title': { ja: '同意しないことを記録しました', en: 'Your refusal is recorded' },
  'refused.body': {
    ja: '顔の情報は登録していません。不利益な扱いを受けることはありません。顔認証を使わずに、パスキーとSVの承認で業務を始められます。',
    en: 'Nothing of your face was stored, and you have no disadvantage from it. You can work with a passkey and a supervisor’s approval instead.',
  },
  'refused.back': { ja: '同意文書に戻る', en: 'Back to the consent text' },
  'refused.other': { ja: '顔認証を使わずに進む', en: 'Go on without face check' },

  'witness.title': { ja: '顔の登録に立ち会いを依頼します', en: 'Ask a witness for your face enrolment' },
  'witness.body': {
    ja: '別の人の顔が登録されることを防ぐため、スーパーバイザー（SV）の立ち会いが必要です。SVが近くにいるか、通話がつながっていることを確かめてから依頼してください。',
    en: 'A supervisor has to watch, so that nobody else’s face is enrolled in your name. Make sure one is beside you or on the phone.',
  },
  'witness.ask': { ja: '立ち会いを依頼する', en: 'Ask for a witness' },
  'approval.waiting': { ja: 'SVの承認を待っています', en: 'Waiting for a supervisor' },
  'approval.tell': {
    ja: 'この4桁の番号をSVに読み上げてください。SVが管理画面に入力して承認します。',
    en: 'Read these four digits to your supervisor, who types them into the console to approve.',
  },
  'approval.code': { ja: '確認番号', en: 'Code' },
  'approval.left': { ja: '残り {{time}}', en: '{{time}} left' },
  'approval.cancel': { ja: 'やめる', en: 'Cancel' },
  'approval.refused': { ja: 'SVが承認しませんでした。', en: 'The supervisor did not approve.' },
  'approval.refused.do': { ja: 'SVに理由を確かめてから、もう一度依頼してください。', en: 'Ask the supervisor why, then ask again.' },
  'approval.expired': { ja: '確認番号の期限が切れました。', en: 'The code has expired.' },
  'approval.expired.do': { ja: 'もう一度依頼すると、新しい番号が出ます。', en: 'Ask again to get a new one.' },
  'approval.again': { ja: 'もう一度依頼する', en: 'Ask again' },

  'enrol.title': { ja: '顔を登録します', en: 'Enrol your face' },
  'enrol.body': {
    ja: '案内に合わせて、5つの向きを順に撮ります。撮影は自動です。向きを変えにくいときは、正面のままでも撮ります。',
    en: 'Follow the guide through five directions. Pictures are taken by themselves; if it is hard to turn, from the front.',
  },
  'enrol.count': { ja: '{{good}} / {{needed}}', en: '{{good}} of {{needed}}' },
  'enrol.sending': { ja: '登録しています', en: 'Storing' },
  'enrol.failed': { ja: '登録できませんでした', en: 'It could not be stored' },
  'enrol.again': { ja: 'もう一度登録する', en: 'Try again' },
  'pose.list': { ja: '撮影する向き', en: 'Directions' },
  'pose.front': { ja: '正面', en: 'Front' },
  'pose.left': { ja: '左', en: 'Left' },
  'pose.right': { ja: '右', en: 'Right' },
  'pose.up': { ja: '上', en: 'Up' },
  'pose.front2': { ja: '正面（もう一度）', en: 'Front, once more' },
  'pose.front.do': { ja: '正面を向いてください', en: 'Look straight ahead' },
  'pose.left.do': { ja: '顔をゆっくり左に向けてください', en: 'Turn your head slowly to your left' },
  'pose.right.do': { ja: '顔をゆっくり右に向けてください', en: 'Turn your head slowly to your right' },
  'pose.up.do': { ja: '顔を少し上に向けてください', en: 'Raise your chin a little' },
  'pose.front2.do': { ja: 'もう一度、正面を向いてください', en: 'Look straight ahead once more' },
  'pose.done': { ja: '撮影済み', en: 'taken' },
  'pose.now': { ja: '撮影中', en: 'now' },

  'login.title': { ja: '本人を確認しています', en: 'Checking that it is you' },
  'login.body': { ja: 'カメラに顔を向けて、そのままお待ちください。', en: 'Face the camera and wait a moment.' },
  'login.sending': { ja: '確認できました。画面を開いています。', en: 'Confirmed. Opening your screen.' },
  'login.failed': { ja: '本人を確認できませんでした', en: 'You could not be confirmed' },
  'login.again': { ja: 'もう一度確認する', en: 'Check again' },
  'login.enrol': { ja: 'SVの立ち会いで登録し直す', en: 'Enrol again with a witness' },
  'login.other': { ja: '顔認証がうまくいかないとき', en: 'If the face check does not work' },
  'login.other.do': {
    ja: 'マスク・帽子・逆光を避けてお試しください。うまくいかないときはSVに連絡すると、承認による接続に切り替えられます。',
    en: 'Avoid masks, caps and light from behind. If it still fails, call your supervisor, who can let you in by approval.',
  },
  'challenge.title': { ja: '動作の確認', en: 'One movement, please' },
  'challenge.turn_left': { ja: '顔を左に向け、正面に戻してください', en: 'Turn your head to your left, then back' },
  'challenge.turn_right': { ja: '顔を右に向け、正面に戻してください', en: 'Turn your head to your right, then back' },

  'hint.closer': { ja: 'もう少し近づいてください', en: 'Come a little closer' },
  'hint.turn_to_camera': { ja: 'カメラの方を向いてください', en: 'Turn to the camera' },
  'hint.brighter': { ja: '明るくしてください。逆光のときは向きを変えてください', en: 'More light, please; not from behind you' },
  'hint.hold_still': { ja: 'そのまま動かないでください', en: 'Hold still' },
  'hint.alone': { ja: 'ほかの方が映っています。お一人で映ってください', en: 'Somebody else is in the picture. Please be alone' },
  'hint.same_person': { ja: '先ほどと別の顔に見えます。ご本人が映ってください', en: 'This looks like another face. Please stay in the picture yourself' },
  'hint.turn_left': { ja: 'もう少し左に向けてください', en: 'A little more to your left' },
  'hint.turn_right': { ja: 'もう少し右に向けてください', en: 'A little more to your right' },
  'hint.turn_up': { ja: 'もう少し上に向けてください', en: 'A little further up' },

  'preview.label': { ja: 'カメラの映像（左右反転）', en: 'Camera picture (mirrored)' },
  'preview.local': { ja: 'このPCの中だけで処理しています', en: 'Processed on this PC only' },

  'camera.title': { ja: 'カメラを確かめてください', en: 'Please check the camera' },
  'camera.off': { ja: 'カメラはオフです', en: 'The camera is off' },
  'camera.starting': { ja: 'カメラと顔認証を準備しています', en: 'Preparing the camera and the face check' },
  'camera.refused': { ja: 'カメラの使用が許可されていません', en: 'The camera is not allowed' },
  'camera.refused.do': {
    ja: 'アドレス欄の左のアイコンから、カメラを「許可」にしてください。WindowsやmacOSの設定でもブラウザーのカメラを許可してください。',
    en: 'Allow the camera with the icon left of the address, and for this browser in the settings of Windows or macOS.',
  },
  'camera.none': { ja: 'カメラが見つかりません', en: 'No camera was found' },
  'camera.none.do': {
    ja: 'カメラの接続とシャッター（レンズのふた）を確かめてください。内蔵カメラは、キーボードのカメラキーで切れていることがあります。',
    en: 'Check the cable and the shutter. A built-in camera may be switched off by a key on the keyboard.',
  },
  'camera.busy': { ja: 'カメラをほかのアプリが使っています', en: 'Another application uses the camera' },
  'camera.busy.do': { ja: 'Web会議などのアプリを終了してから、もう一度お試しください。', en: 'Close meeting applications, then try again.' },
  'camera.lost': { ja: 'カメラが外れました', en: 'The camera was disconnected' },
  'camera.lost.do': { ja: 'カメラをつなぎ直してから、もう一度お試しください。', en: 'Connect it again, then try again.' },
  'camera.engine': { ja: '顔認証を準備できませんでした', en: 'The face check could not be prepared' },
  'camera.engine.do': {
    ja: 'もう一度お試しください。続くときはPCを再起動し、直らなければ管理者に連絡してください。',
    en: 'Try again. If it goes on, restart the PC, then call your administrator.',
  },
  'camera.other': { ja: 'カメラを使えません', en: 'The camera cannot be used' },
  'camera.other.do': { ja: 'もう一度お試しください。続くときは管理者に連絡してください。', en: 'Try again. Call your administrator if it goes on.' },
  'camera.again': { ja: 'もう一度試す', en: 'Try again' },

  'approved.title': { ja: '承認による接続', en: 'Connect by approval' },
  'approved.body': {
    ja: '顔認証を使わない接続です。パスキーで本人を確かめ、スーパーバイザー（SV）の承認を受けます。有効時間は最長60分で、離席すると終了します。',
    en: 'Without face check: a passkey shows that it is you, and a supervisor approves. It lasts 60 minutes at most and ends when you leave.',
  },
  'approved.note': { ja: 'SVへの連絡（任意）', en: 'Note to the supervisor (optional)' },
  'approved.note.hint': { ja: '200文字まで。お客様の情報は書かないでください。', en: 'Up to 200 characters. Nothing about customers, please.' },
  'approved.presence': { ja: '在席の確認方法', en: 'How your presence is shown' },
  'approved.camera': { ja: 'カメラ: 一人で映っていることだけを確かめます。本人かどうかは照合しません。', en: 'Camera: it only checks that one person is there, not who.' },
  'approved.confirm': {
    ja: 'カメラなし: 決まった間隔で「在席しています」を押します。個人情報のない業務に限られます。',
    en: 'No camera: you press “I am here” at intervals. Only for work without personal data.',
  },
  'approved.ask': { ja: 'パスキーで確認して依頼する', en: 'Use passkey and ask' },
  'approved.register': { ja: 'パスキーを登録する', en: 'Register a passkey' },
  'approved.register.body': {
    ja: 'このPCで使うパスキーがまだないときは、先に登録してください。登録にもSVの承認が必要です。',
    en: 'If you have no passkey on this PC yet, register one first. That needs the supervisor’s approval too.',
  },
  'register.title': { ja: 'パスキーを登録します', en: 'Register a passkey' },
  'register.body': {
    ja: '別の人のパスキーが登録されることを防ぐため、SVの承認が必要です。SVに連絡してから依頼してください。',
    en: 'A supervisor has to approve, so that nobody else’s passkey is registered in your name. Call one, then ask.',
  },
  'register.ask': { ja: '承認を依頼する', en: 'Ask for approval' },
  'register.note': { ja: 'パスキーの登録', en: 'Passkey registration' },
  'register.approved': { ja: '承認されました。ボタンを押して、このPCのパスキーを登録してください。', en: 'Approved. Press the button to register a passkey on this PC.' },
  'register.done': { ja: 'パスキーを登録しました。続けて承認を依頼してください。', en: 'The passkey is registered. Now ask to be let in.' },
  'approved.opening': { ja: '承認されました。画面を開いています。', en: 'Approved. Opening your screen.' },
  'passkey.cancelled': { ja: 'パスキーの確認が終わりませんでした。', en: 'The passkey was not confirmed.' },
  'passkey.cancelled.do': { ja: 'もう一度お試しください。パスキーがないときは登録してください。', en: 'Try again, or register a passkey if you have none.' },
});

export type DeskKey = keyof (typeof deskTexts)['messages'];
