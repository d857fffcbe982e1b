package faces

import "github.com/sekisho/sekisho/internal/wire"

// consentVersion is that of the texts below. Change it with every change of
// meaning: people are then asked again.
const consentVersion = 5

// Contact is whom a person asks about his data; every centre names its own.
type Contact struct {
	Responsible string // 個人情報保護管理者: name or office
	Reach       string // telephone, mail or place
}

// consentText gives the text in force: purpose, what is kept, where and for how
// long, and that refusing brings no disadvantage.
func consentText(lang string, c Contact) wire.ConsentText {
	t := wire.ConsentText{
		Version: consentVersion, Language: "ja",
		Title: "顔の情報の取扱いについて",
		Purpose: "貸与PCを使っているのがご本人であることを、接続するときと接続している間に確かめるために、お顔の特徴を使います。" +
			"お客様の個人情報を守ることだけが目的です。勤務態度の評価や人事には使いません。",
		Kept: "お顔の特徴は、暗号化してこのPCの中に保管します。サーバーに送るのは、特徴そのものには戻せない照合用の値だけです。\n" +
			"共用PCの場合は、同じ共用PCグループのPCにも、そのPCでしか開けない形に暗号化して渡します。渡す先のPCが受け取るまで（長くて30日）、その形でサーバーにも置きます。30日で受け取られなければ削除し、登録してあるPCを次に使うときに改めて渡します。\n" +
			"登録時の写真1枚は、情報セキュリティ責任者2名がそろわなければ開けない形に封印（暗号化）して、サーバーに保管します。\n" +
			"PCを交換するときは、前のPCでの登録時の写真を、新しいPCでの登録が済むまで（長くて75日）保管します。情報セキュリティ責任者2名がそろって開き、立ち会うスーパーバイザー（SV）がご本人かどうかを見比べます。登録が済んだら削除します。\n" +
			"カメラの映像は録画しません。顔の登録にSVが映像で立ち会うときは、そのつど同意をいただいたうえで、登録が終わるまでのカメラの画像を送り、立ち会うSVだけに見せます。この画像は保存しません。\n" +
			"のぞき見などを検知したときは、そのときのカメラの画像とPCの画面全体の画像を、登録時の写真と同じ形に封印してサーバーに保管します。業務と関係のないウィンドウも、表示していれば写ります。情報セキュリティ責任者が検知の内容を判断してから7日後に削除します。\n" +
			"顔の登録は、PCの返却、共用PCグループからの除外、または同意の撤回で削除します。",
		Refusal: "同意しなくても、不利益な扱いは一切ありません。その場合は、パスキーとスーパーバイザー（SV）の承認で業務を始められます。" +
			"同意はいつでも撤回できます。撤回すると、登録した情報をすぐに削除します。",
		Responsible: c.Responsible, Contact: c.Reach,
	}
	if lang == "en" {
		t.Language = "en"
		t.Title = "How your face data is used"
		t.Purpose = "The features of your face are used to make sure that it is you who uses the issued PC, when you connect and while you are connected. " +
			"The only purpose is to protect customers' personal data. It is never used to rate your work or in personnel decisions."
		t.Kept = "The features of your face are kept, encrypted, on this PC. The server gets only a value for comparison from which they cannot be recovered.\n" +
			"Where the PC is a shared one, they are also passed to the other PCs of the same group, encrypted so that only that PC can open them. Until that PC has taken them (30 days at most) they lie on the server too, in that form. What was not taken within 30 days is deleted, and passed on anew when you next use a PC where you are enrolled.\n" +
			"One picture taken at enrolment is sealed (encrypted) so that only two information security officers together can open it, and kept on the server.\n" +
			"When your PC is replaced, the picture of your enrolment on the old one is kept until you have enrolled on the new one (75 days at most). Two security officers together open it, and the supervisor who witnesses compares it with you. It is deleted once you have enrolled.\n" +
			"The camera is not recorded. When a supervisor witnesses an enrolment by video, the camera's pictures are sent until the enrolment is over, and that supervisor alone sees them, after you have agreed to it each time. They are not stored.\n" +
			"When an onlooker or the like is detected, the camera's picture and a picture of the PC's whole screen at that moment are sealed like the picture of the enrolment and kept on the server. Windows that have nothing to do with work are in it too, if they are open. These pictures are deleted 7 days after a security officer has decided what happened.\n" +
			"Your enrolment is deleted when the PC is returned, when you leave the group of a shared PC, or when you take back your consent."
		t.Refusal = "Refusing brings no disadvantage of any kind. You then start work with a passkey and a supervisor's approval. " +
			"You can take back your consent at any time; what was enrolled is then deleted at once."
	}
	return t
}
