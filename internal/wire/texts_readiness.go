package wire

// textsReadiness are the messages about readiness and self-checks (gate/readiness).
var textsReadiness = map[string]Text{
	"readiness.rules":           {"自己点検の条件が正しくありません。", "有効期間は1〜24か月、期限後の猶予は0〜90日、写真の保存は30〜730日で入力してください。", "These rules of the self-check are out of bounds.", "Valid for 1 to 24 months, late for 0 to 90 days, photographs kept for 30 to 730 days."},
	"readiness.questions":       {"自己点検の項目が正しくありません。", "1〜20件の項目を、日本語と英語でそれぞれ1行、200文字以内で入力してください。", "These questions of the self-check are not well formed.", "Enter 1 to 20, each as one line of at most 200 characters in Japanese and in English."},
	"readiness.rules_changed":   {"自己点検の内容は、表示した後に変更されています。", "ページを読み込み直し、今の内容を見てからやり直してください。", "The self-check was changed after you opened it.", "Load the page again and look at it as it is now."},
	"readiness.answers":         {"自己点検の回答がそろっていません。", "すべての項目に「はい」か「いいえ」で答えてください。", "The self-check is not complete.", "Say yes or no to every line."},
	"readiness.remark":          {"補足が長すぎるか、使えない文字があります。", "500文字以内で入力してください。", "The remark is too long, or holds characters that cannot be kept.", "Enter at most 500 characters."},
	"readiness.photo_required":  {"部屋の写真が必要です。", "写真を撮るか、画像ファイルを選んでください。", "A photograph of the room is needed.", "Take one, or choose a file."},
	"readiness.photo_not_asked": {"このセンターでは、部屋の写真は受け取りません。", "写真を外して送信してください。", "This centre takes no photographs of rooms.", "Send the self-check without one."},
	"readiness.photo":           {"画像として読み取れませんでした。", "写真を撮り直すか、別の画像ファイルを選んでください。", "This is no picture that can be read.", "Take another one, or choose another file."},
	"readiness.photo_large":     {"写真が大きすぎます。", "写真を撮り直すか、もっと小さい画像ファイルを選んでください。", "The photograph is too large.", "Take another one, or choose a smaller file."},
	"readiness.too_many":        {"自己点検の送信が多すぎます。", "送信した内容の確認をSVに依頼するか、明日もう一度送信してください。", "You have sent too many self-checks.", "Ask your supervisor to look at what you sent, or send another one tomorrow."},
	"readiness.unknown":         {"この自己点検は見つかりません。", "一覧に戻って選び直してください。", "There is no such self-check.", "Go back to the list and choose again."},
	"readiness.decided":         {"この自己点検は、すでに判断されています。", "一覧を読み直してください。", "This self-check has been decided already.", "Reload the list."},
	"readiness.older":           {"この人から、もっと新しい自己点検が届いています。", "新しいほうの自己点検を見て、判断してください。", "A newer self-check of this person waits.", "Look at the newer one and decide that."},
	"readiness.own":             {"自分の自己点検は、自分では判断できません。", "別のSVか管理者に依頼してください。", "Nobody decides his own self-check.", "Ask another supervisor or administrator."},
	"readiness.role":            {"自己点検を扱えるのは、SVと管理者だけです。", "SVか管理者に依頼してください。", "Only supervisors and administrators handle self-checks.", "Ask one of them."},
	"readiness.note":            {"差し戻す理由が必要です。", "直してほしいことを、500文字以内で入力してください。", "Returning a self-check needs a remark.", "Say in at most 500 characters what is to be put right."},
	"readiness.lacking":         {"必要な項目に「いいえ」があるため、承認できません。", "直してほしいことを書いて、差し戻してください。", "It says no where a yes is needed, so it cannot be accepted.", "Return it and say what is to be put right."},
	"readiness.no_photo":        {"この自己点検の写真はありません。", "保存期間が過ぎたか、添えられていません。必要なときは、本人に自己点検をもう一度依頼してください。", "There is no photograph of this self-check.", "Its time is over, or there was none. Ask for another self-check if you need one."},
	"readiness.administrator":   {"自己点検の条件を変更できるのは管理者だけです。", "管理者に依頼してください。", "Only administrators change the self-check.", "Ask an administrator."},
}
