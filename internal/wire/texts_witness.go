package wire

// textsWitness are the messages of gate/witnesses: enrolments that a witness in
// another place watches.
var textsWitness = map[string]Text{
	"witness.unknown":        {"この立ち会いは見つかりません。", "「承認」の画面を読み直して、もう一度選んでください。", "There is no such case for you to witness.", "Reload the page of approvals and choose it again."},
	"witness.role":           {"立ち会えるのは、スーパーバイザー（SV）だけです。", "SVに頼んでください。", "Only a supervisor can be the witness.", "Ask a supervisor."},
	"witness.own":            {"自分の顔の登録には立ち会えません。", "ほかのSVに頼んでください。", "Nobody witnesses his own enrolment.", "Ask another supervisor."},
	"witness.taken":          {"ほかのSVが、すでに映像で立ち会っています。", "終わるまで待つか、そのSVに確かめてください。", "Another supervisor is watching this enrolment.", "Wait until it is over, or ask that supervisor."},
	"witness.over":           {"映像での立ち会いは終わっています。", "顔の登録の立ち会いを、もう一度依頼してください。", "The witnessing by video is over.", "Ask for a witness again."},
	"witness.consent":        {"本人が、映像を見せることにまだ同意していません。", "オペレーター画面で、立ち会う人の名前を確かめて同意してください。", "The person has not agreed to be seen yet.", "Check the witness's name on the operator's screen and agree there."},
	"witness.picture":        {"カメラの画像を受け取れませんでした。", "もう一度登録してください。繰り返すときは、管理者に連絡してください。", "The camera's picture could not be taken.", "Try the enrolment again. Tell your administrator if it happens again."},
	"witness.pace":           {"カメラの画像が、多すぎる速さで届きました。", "そのままお待ちください。", "Pictures of the camera came too fast.", "Just wait a moment."},
	"witness.not_offered":    {"顔の登録がまだできていません。", "オペレーターが5つの向きを終えるまで待ってください。", "There is no enrolment to confirm yet.", "Wait until the operator has shown all five poses."},
	"witness.changed":        {"確認している間に、内容が変わりました。", "今の画面をもう一度確かめてから、確認してください。", "What you were confirming has changed meanwhile.", "Look at what is shown now, then confirm."},
	"witness.silent":         {"カメラの映像が途切れたため、立ち会いを終えました。何も登録していません。", "回線とカメラを確かめて、立ち会いをもう一度依頼してください。", "The camera's pictures stopped, and the witnessing has ended. Nothing was enrolled.", "Check line and camera, then ask for a witness again."},
	"witness.away":           {"立ち会う人の画面が閉じたため、立ち会いを終えました。何も登録していません。", "立ち会いをもう一度依頼してください。", "The witness's screen was closed, and the witnessing has ended. Nothing was enrolled.", "Ask for a witness again."},
	"witness.declined":       {"本人が、映像を見せることに同意しませんでした。何も登録していません。", "同意しなくても、不利益な扱いはありません。ほかの方法をSVと相談してください。", "The person did not agree to be seen. Nothing was enrolled.", "Refusing brings no disadvantage. Find another way with the supervisor."},
	"witness.reason":         {"認めない理由が選ばれていません。", "理由を選んでください。", "No reason was chosen.", "Choose why you refuse."},
	"witness.another_person": {"立ち会った人が、本人ではないと判断しました。何も登録していません。", "情報セキュリティ責任者が確かめます。SVに電話してください。", "The witness saw somebody else than the person. Nothing was enrolled.", "An information security officer will look into it. Call your supervisor."},
	"witness.not_followed":   {"求められた動作が確かめられませんでした。何も登録していません。", "立ち会いをもう一度依頼し、SVの指示のとおりに動いてください。", "What was asked for was not seen. Nothing was enrolled.", "Ask for a witness again and do what the supervisor says."},
	"witness.unclear":        {"映像がはっきりしないため、確認できませんでした。何も登録していません。", "明るい場所でカメラに近づき、立ち会いをもう一度依頼してください。", "The pictures were not clear enough. Nothing was enrolled.", "Go where it is bright, come closer to the camera and ask again."},
	"witness.unseen":         {"立ち会った人が確認した内容と違うため、登録しません。", "立ち会いをもう一度依頼してください。繰り返すときは、管理者に連絡してください。", "This is not the enrolment that the witness has confirmed.", "Ask for a witness again. Tell your administrator if it happens again."},
	"witness.video_needed":   {"交換で届いたPCは、映像での立ち会いで顔を登録するまで使えません。", "顔の登録で立ち会いを依頼し、SVに「承認」の画面で「映像で立ち会う」を選んでもらってください。", "A PC that came as a replacement opens nothing before a face was enrolled on it with a witness by video.", "Enrol your face and ask for a witness; the supervisor chooses to watch by video on the page of approvals."},
	"witness.in_person":      {"交換で届いたPCでは、パスキーを新しく登録できません。", "前から使っているパスキーで始めるか、管理者から登録コードを対面で受け取ってください。", "No new passkey is registered on a PC that came as a replacement.", "Begin with the passkey that you had before, or have the administrator give you the PC's code in person."},
	"witness.malformed":      {"顔の登録の内容が正しくありません。", "もう一度登録してください。", "The enrolment is not well formed.", "Try the enrolment again."},
	"witness.answered":       {"この立ち会いは、同時に別の操作で変わりました。", "画面を読み直して、今の状態を確かめてください。", "This case changed at the same moment.", "Reload the page and look at how it stands."},
	"witness.old_face_unseen": {"前のPCで登録したときの写真と、まだ見比べていません。",
		"情報セキュリティ責任者2名に写真を開いてもらい、「前の写真を表示」を押してから確認してください。",
		"The picture of the enrolment on the old PC has not been compared yet.", "Have two information security officers open it, then show it beside the camera's picture and confirm."},
	"witness.no_old_face": {"見比べる前の写真がありません。", "「立ち会い」の画面を読み直し、情報セキュリティ責任者への依頼の状態を確かめてください。", "There is no older picture for you here.", "Reload the page and look at how the request to the officers stands."},
	"witness.key":         {"写真を渡す先の鍵が合いません。", "「立ち会い」の画面に出ている今の鍵で、もう一度封印してください。", "It was sealed to another key than the witness's.", "Seal it again, to the key that the page shows now."},
	"witness.officer":     {"前の写真を渡せるのは、情報セキュリティ責任者だけです。", "情報セキュリティ責任者に頼んでください。", "Only an information security officer hands over an older picture.", "Ask an information security officer."},
}
