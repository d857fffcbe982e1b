package wire

// textsGuard are the messages of guard/presence.
var textsGuard = map[string]Text{
	"incident.statement": {"検知の報告の署名が、この接続のものではありません。", "「接続」を押し直してください。続くときは管理者に連絡してください。", "The report was not signed by this connection.", "Press Connect again; tell your administrator if it goes on."},
	"incident.malformed": {"検知の報告の内容が正しくありません。", "エージェントを最新版にしてください。続くときは管理者に連絡してください。", "The report is not well formed.", "Update the agent; tell your administrator if it goes on."},
	"incident.too_many":  {"検知の報告が続いています。", "少し待つと自動で送り直します。", "Too many reports at once.", "They are sent again by themselves in a moment."},
	"incident.conflict":  {"同じ番号の別の検知が、すでに記録されています。", "管理者に連絡してください。", "Another incident has this number already.", "Tell your administrator."},
	"incident.unknown":   {"検知の記録が見つかりません。", "一覧に戻って選び直してください。", "There is no such incident.", "Go back to the list and choose again."},
	"incident.decision":  {"判断が選ばれていません。", "「真」「問題なし」「誤検知」から選んでください。", "The decision is missing.", "Choose true, harmless or false."},
	"incident.decided":   {"この検知は、すでに判断されています。", "一覧を読み直してください。", "This incident has been decided.", "Reload the list."},
	"incident.own":       {"自分についての検知は、自分では判断できません。", "ほかの情報セキュリティ責任者に依頼してください。", "Nobody decides about himself.", "Ask another security officer."},
	"incident.note":      {"メモが空か、長すぎます。", "1,000文字以内で入力してください。", "The note is empty or too long.", "Use at most 1,000 characters."},
}
