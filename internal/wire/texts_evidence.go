package wire

// textsEvidence are the messages of twin/vigil, twin/sealing and guard/evidence: what is wrong and what to do, ja and en.
var textsEvidence = map[string]Text{
	"vigil.not_enrolled":      {"このPCには顔が登録されていません。", "SVの立ち会いのもとで、顔を登録してください。", "No face is enrolled on this PC.", "Enrol your face with a supervisor as witness."},
	"vigil.engine_unknown":    {"顔認証のエンジンを確認できません。", "画面を開き直してください。続くときは管理者に連絡してください。", "The face engine is not known.", "Open the window again; tell your administrator if it goes on."},
	"vigil.challenge_unknown": {"求められた動作を確認できません。", "画面を開き直してください。続くときは管理者に連絡してください。", "The movement that was asked for is not known here.", "Open the window again; tell your administrator if it goes on."},
	"vigil.login_timeout":     {"本人を確認できませんでした。", "明るい場所でカメラの正面に座り、もう一度お試しください。", "We could not confirm that it is you.", "Sit in front of the camera in good light and try again."},
	"vigil.other_person":      {"登録された方と一致しません。", "登録された本人が、もう一度お試しください。", "This is not the person enrolled here.", "The person enrolled on this PC should try again."},
	"vigil.not_live":          {"写真や画面ではないことを確認できませんでした。", "照明の反射を避け、顔をカメラに向けてもう一度お試しください。", "We could not confirm that this is a living face.", "Avoid reflections, face the camera and try again."},
	"vigil.challenge_missed":  {"求められた動作を時間内に確認できませんでした。", "もう一度お試しください。", "The movement was not seen in time.", "Please try again."},

	"evidence.hash":       {"記録の名前が正しくありません。", "一覧から選び直してください。", "This is not the name of a record.", "Choose it again from the list."},
	"evidence.mismatch":   {"記録が途中で変わりました。", "もう一度送ってください。", "The record changed on its way.", "Send it again."},
	"evidence.not_sealed": {"封印されていない記録は受け取れません。", "エージェントを最新版にし、続くときは管理者に連絡してください。", "A record that is not sealed is not taken.", "Update the agent; tell your administrator if it goes on."},
	"evidence.too_large":  {"記録が大きすぎます。", "管理者に連絡してください。", "The record is too large.", "Tell your administrator."},
	"evidence.incident":   {"対応する検知がありません。", "管理者に連絡してください。", "There is no incident that this record belongs to.", "Tell your administrator."},
	"evidence.too_many":   {"この検知の記録は、これ以上受け取れません。", "すでに届いた記録を確認してください。", "This incident has as many records as it may have.", "Look at those that arrived."},
	"evidence.elsewhere":  {"この記録は別の検知のものです。", "一覧から選び直してください。", "This record belongs to another incident.", "Choose it again from the list."},
	"evidence.roster":     {"現在の責任者名簿にあてて封印された記録ではありません。", "PCをつなぎ直して新しい名簿を受け取ってください。続くときは管理者に連絡してください。", "The record is not sealed to the officers of the roster in force.", "Connect the PC again so that it gets the new roster; tell your administrator if it goes on."},
	"evidence.quota":      {"このPCから1日に送れる記録の量を超えました。", "24時間たつと自動で送り直します。続くときは管理者に連絡してください。", "More records were sent in one day than are taken.", "They are sent again after 24 hours; tell your administrator if it goes on."},
	"evidence.picture":    {"登録時の写真がまだ届いていません。", "もう一度、顔の登録をやり直してください。", "The picture of this enrolment has not arrived.", "Enrol the face once more."},
	"evidence.deleted":    {"この記録は保存期間を過ぎて削除されました。", "監査ログで削除の日時を確認できます。", "This record was deleted at the end of its time.", "The audit log says when."},
	"evidence.unknown":    {"記録が見つかりません。", "一覧に戻って選び直してください。", "There is no such record.", "Go back to the list and choose again."},
	"evidence.reason":     {"理由が必要です。", "閲覧の理由を入力してください。本人の「自分の記録」に表示されます。", "A reason is needed.", "Say why. The person concerned will read it in My records."},
	"evidence.officer":    {"情報セキュリティ責任者だけが行えます。", "情報セキュリティ責任者に依頼してください。", "Only a security officer may do this.", "Ask a security officer."},
	"evidence.own":        {"自分に関する記録は扱えません。", "ほかの情報セキュリティ責任者に依頼してください。", "You cannot handle a record about yourself.", "Ask another security officer."},
}
