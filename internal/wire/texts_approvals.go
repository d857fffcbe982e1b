package wire

// textsApprovals are the messages of dangerous acts (重要な操作) in gate/approvals.
var textsApprovals = map[string]Text{
	"act.asked":              {"この変更には、別の管理者の確認が必要です。確認の依頼を登録しました。まだ何も変わっていません。", "別の管理者に、「承認」の画面で内容を確かめてもらってください。24時間以内に確認されると、そのとき有効になります。", "This change needs a second administrator. It has been asked for, and nothing has changed yet.", "Ask another administrator to look at it under Approvals. It takes effect when confirmed, within 24 hours."},
	"act.asked_for_rows":     {"1,000件を超える書き出しには、別の人の確認が必要です。確認の依頼を登録しました。", "管理者か別の情報セキュリティ責任者に、「承認」の画面で確かめてもらってください。確認されてから1時間以内に、同じ条件でもう一度書き出してください。", "Taking away more than 1,000 rows needs a second person. It has been asked for.", "Ask an administrator or another security officer to look at it under Approvals. Within an hour of their answer, take the same rows again."},
	"search.many":            {"1,000件を超える書き出しには、別の人の確認が必要です。", "条件を絞るか、別の人に確認してもらってください。", "More than 1,000 rows need a second person.", "Narrow the search, or have somebody confirm it."},
	"act.no_second":          {"確認できる人がほかにいないため、この変更はできません。", "二人目の管理者を用意し、パスキーを登録してもらってください。管理者が一人だけになったときは、サーバー本体で sekisho admin appoint に続けて別の人のログインIDを入力すると、その人が管理者になります。", "Nobody else can confirm this, so it cannot be done.", "Have a second administrator register a passkey. If only one is left, run sekisho admin appoint LOGIN on the server: it makes another person administrator."},
	"act.own":                {"自分が依頼した操作は、自分では確認できません。", "別の管理者に確認してもらってください。", "Nobody confirms what they asked for themselves.", "Ask another administrator."},
	"act.role":               {"この操作を確認する役割がありません。", "管理者に確認してもらってください。", "You do not have the role that confirms this.", "Ask an administrator to confirm it."},
	"act.kind":               {"操作の依頼の内容が正しくありません。", "画面からやり直してください。", "The request is not well formed.", "Make it again from the screen."},
	"act.unknown":            {"この依頼は見つかりません。", "一覧を読み直してください。", "There is no such request.", "Reload the list."},
	"act.decided":            {"この依頼は、すでに判断されています。", "一覧を読み直してください。", "This request has been decided already.", "Reload the list."},
	"act.expired":            {"この依頼は期限が過ぎています。", "必要なときは、もう一度依頼してください。", "This request has run out.", "Ask again if it is still needed."},
	"act.waiting":            {"まだ確認されていません。", "別の人の確認を待ってください。", "This has not been confirmed yet.", "Wait until somebody else has confirmed it."},
	"act.too_many":           {"確認の依頼が続いています。", "1時間ほど待ってから依頼してください。", "You have asked too often.", "Wait about an hour."},
	"act.not_what_was_shown": {"表示された内容と、依頼の内容が違います。", "一覧を読み直し、内容を確かめてください。心当たりのない違いは、監査担当に知らせてください。", "The request is not what you were shown.", "Reload the list and read it again. Tell an auditor about a difference that you cannot explain."},
	"act.asker":              {"依頼した人は、もうこの操作を依頼できる役割を持っていません。", "必要なときは、役割を持つ人が依頼し直してください。", "Whoever asked does not hold the role for it any more.", "Let somebody who holds it ask again."},
	"act.changed_meanwhile":  {"依頼のあとで設定が変わったため、有効にしませんでした。", "今の設定を確かめ、必要なときは依頼し直してください。", "The settings have changed since this was asked for, so it did not take effect.", "Look at what is set now, and ask again if it is still needed."},
	"act.other":              {"確認された内容と、しようとしている操作が違います。", "確認されたとおりに操作するか、もう一度依頼してください。", "This is not what was confirmed.", "Do just what was confirmed, or ask again."},
	"person.second_needed":   {"管理者・情報セキュリティ責任者の役割を渡すには、別の管理者の確認が必要です。", "利用者の画面で一人ずつ変更し、別の管理者に確認してもらってください。", "Making somebody administrator or security officer needs a second administrator.", "Change them one by one under People, and have another administrator confirm it."},
}
