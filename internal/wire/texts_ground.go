package wire

// textsGround are the messages of the rooms of ground: what is wrong and what to do, ja and en.
var textsGround = map[string]Text{
	"storage.unavailable":   {"データベースに書き込めません。", "ディスクの空き容量とデータベースの状態を管理者に確認してもらってください。", "The database cannot be written.", "Ask your administrator to check the disk's free space and the database."},
	"storage.busy":          {"データベースが混み合っています。", "数秒待ってから、もう一度お試しください。", "The database is busy.", "Wait a few seconds and try again."},
	"audit.rolled_back":     {"監査ログが、記憶されている内容と一致しないため、新しい許可はできません。", "情報セキュリティ責任者に連絡してください。名簿のルート鍵を持つ2名が新しい期（エポック）の宣言に署名すると再開します。", "The audit log is not the one that is remembered, so nothing new may be opened.", "Tell the security officer. It goes on once two holders of the roster's root keys have signed the statement of a new epoch."},
	"audit.unchecked":       {"監査ログを確認できないため、新しい許可はできません。", "管理者に連絡し、データベースとディスクの状態を確認してもらってください。確認できるようになると、自動的に再開します。", "The audit log cannot be checked, so nothing new may be opened.", "Tell your administrator, who must look at the database and the disk. It goes on by itself once the log can be checked."},
	"audit.stopped":         {"監査ログが停止しました。", "管理者に連絡し、サーバーを再起動してもらってください。", "The audit log has stopped.", "Tell your administrator, who must restart the server."},
	"audit.too_large":       {"記録する内容が大きすぎます。", "理由や説明を短くしてもう一度お試しください。", "What has to be recorded is too large.", "Shorten the reason or the description and try again."},
	"audit.malformed":       {"監査ログに記録できない内容です。", "管理者に連絡してください。", "This cannot be recorded in the audit log.", "Tell your administrator."},
	"audit.no_entry":        {"その番号の監査ログはありません。", "番号を確かめてください。", "The audit log has no such entry.", "Check its number."},
	"audit.forged":          {"正規のサーバーが書いていない記録が見つかりました。", "情報セキュリティ責任者に連絡してください。", "A record was found that no server of ours wrote.", "Tell the security officer."},
	"audit.vanished":        {"書き込まれた記録が失われました。", "情報セキュリティ責任者に連絡してください。", "A record that was written has disappeared.", "Tell the security officer."},
	"audit.pin_not_ours":    {"このチェックポイントは、この監査ログのものではありません。", "正しいサーバーに接続しているか確かめてください。", "This checkpoint is not of this audit log.", "Check that you are connected to the right server."},
	"audit.epoch_not_valid": {"新しい期（エポック）の宣言が正しくありません。", "宣言を作り直し、名簿のルート鍵を持つ2名が同じ内容に署名してください。", "The statement of the new epoch is not valid.", "Make it anew and have two holders of the roster's root keys sign the same text."},
	"audit.epoch_roots":     {"新しい期（エポック）の宣言には、名簿のルート鍵による署名が2つ必要です。", "名簿のルート鍵を持つ2名の署名をそろえてください。", "The statement of a new epoch needs the signatures of two of the roster's root keys.", "Collect the signatures of two holders of the roster's root keys."},
	"audit.file_unknown":    {"監査ログの書き出しでも証明でもない、または壊れているファイルです。", "書き出しのzipか、証明（.tlog-proof）のファイルを指定してください。壊れているときは、もう一度受け取ってください。", "This file is neither an export nor a proof of an audit log, or it is damaged.", "Give an export (zip) or a proof (.tlog-proof); if it is damaged, have it sent again."},
	"audit.proof_malformed": {"証明のファイルが壊れています。", "証明をもう一度受け取ってください。続くときは情報セキュリティ責任者に連絡してください。", "The proof is damaged.", "Have it sent again; tell the security officer if it stays so."},
	"audit.proof_alone":     {"1件の証明だけでは、巻き戻しや再開の宣言は確かめられません。", "--sinceと--rootを外すか、監査ログ全体の書き出しを指定してください。", "A proof of one entry cannot show whether the log was put back, nor who restarted it.", "Leave out --since and --root, or give an export of the whole log."},
	"audit.not_signed":      {"指定された検証鍵による署名がありません。", "検証鍵が正しいか確かめてください。正しいときは偽造の疑いがあるため、情報セキュリティ責任者に連絡してください。", "It is not signed by the verifier key that you gave.", "Check the key. If it is the right one, this may be forged: tell the security officer."},
	"audit.not_included":    {"この記録は、署名された監査ログに含まれていません。", "偽造の疑いがあります。ファイルを保存し、情報セキュリティ責任者に連絡してください。", "This entry is not in the log that was signed.", "It may be forged: keep the file and tell the security officer."},
	"audit.tampered":        {"監査ログが改ざんされています。", "表示された番号を控え、情報セキュリティ責任者に連絡してください。", "The audit log has been tampered with.", "Note the numbers shown and tell the security officer."},
	"vault.too_large":       {"ファイルが大きすぎます。", "小さくしてもう一度お試しください。", "The file is too large.", "Make it smaller and try again."},
	"vault.not_found":       {"そのファイルは保管されていません。", "保存期間が過ぎていないか確かめてください。", "This file is not in the vault.", "Check whether its retention has ended."},
	"vault.corrupt":         {"保管されているファイルが壊れています。", "バックアップから戻し、情報セキュリティ責任者に連絡してください。", "The stored file is damaged.", "Restore it from a backup and tell the security officer."},
}
