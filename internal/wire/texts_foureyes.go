package wire

// textsFourEyes are the messages of what two people do in one transaction, and of
// what became dangerous acts with decision 0028.
var textsFourEyes = map[string]Text{
	"role.second_needed": {"管理者または情報セキュリティ責任者の権限を含む役割には、別の管理者の確認が必要です。", "管理画面から依頼し、別の管理者に「承認」の画面で確認してもらってください。", "A role with rights of an administrator or an officer needs a second administrator.", "Ask for it in the console and have another administrator confirm it under Approvals."},
	"rules.posture":      {"PCの安全状態が条件を満たしていないため、使えません。", "PCの画面に表示されている項目を直し、もう一度接続してください。", "The state of your PC does not pass what is asked of it.", "Put right what the screen on the PC names, and connect again."},
	"rules.training":     {"必要な教育または規程の確認が済んでいないため、使えません。", "オペレーター画面の「教育」で、期限を過ぎた項目を済ませてください。", "Training or a rule document that is asked of you is not done.", "Finish what is overdue under Training on your screen."},
	"act.interrupted":    {"確認のあと、有効になる前にサーバーが止まりました。何も変わっていません。", "必要なときは、もう一度依頼してください。", "The server stopped between the confirmation and its effect. Nothing was changed.", "Ask again if it is still needed."},
	"act.not_confirmed":  {"確認の記録なしに変更されました。", "すぐに監査担当に知らせ、変更の内容を監査ログで確かめてください。", "Something was changed without its confirmation.", "Tell the auditors at once, and look in the audit log for what was changed."},
}
