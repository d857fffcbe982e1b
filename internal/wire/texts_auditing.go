package wire

// textsAuditing are the messages about searching, taking away and passing on
// the audit log, and about reports.
var textsAuditing = map[string]Text{
	"search.name":          {"検索条件の名前が正しくありません。", "1文字以上60文字以内で、改行を入れずに入力してください。", "The name of the search is not valid.", "Enter 1 to 60 characters without line breaks."},
	"search.query":         {"検索条件が正しくありません。", "条件を選び直してください。日付は「2026-11-22」の形です。", "The search is not well formed.", "Choose its conditions again; dates look like 2026-11-22."},
	"search.too_many":      {"保存できる検索条件は50件までです。", "使わない条件を削除してから、もう一度保存してください。", "You can keep 50 searches at most.", "Delete one that you no longer use and save again."},
	"search.unknown":       {"その検索条件は保存されていません。", "一覧を読み込み直してください。", "There is no such saved search.", "Reload the list."},
	"search.nothing":       {"条件に合う記録がないため、ファイルを作りませんでした。", "期間を広げるか、条件を減らしてください。", "No row matches, so no file was made.", "Widen the dates or take a condition away."},
	"search.too_many_rows": {"一度に書き出せるのは1万件までです。", "期間や条件で絞り込むか、監査ログ全体を書き出してください。", "A file holds 10,000 rows at most.", "Narrow the search, or export the whole log."},
	"search.busy":          {"ほかの書き出しを処理しています。", "少し待ってから、もう一度お試しください。", "Other files are being made.", "Wait a moment and try again."},
	"report.span":          {"報告書の対象期間が正しくありません。", "開始日と終了日を選び直してください。期間は400日までで、開始日に未来の日付は使えません。", "The period of the report is not valid.", "Choose its first and last day again: at most 400 days, beginning no later than today."},
	"report.addressee":     {"宛先が正しくありません。", "委託元の名称を1文字以上100文字以内で入力してください。", "The addressee is not valid.", "Enter the client company's name, 1 to 100 characters."},
	"report.whose":         {"宛先の名称が、契約中の委託元の登録名と一致しません。", "委託元が複数あるため、ほかの委託元の数値を含まない報告書だけを作成できます。宛先に、委託元の画面にある名称をそのまま入力してください。", "The addressee is none of the client companies under contract.", "There are several, and a report tells each its own part alone: enter the name exactly as it stands on the page of client companies."},
	"report.language":      {"報告書の言語が正しくありません。", "日本語または英語を選んでください。", "The language of the report is not valid.", "Choose Japanese or English."},
	"report.format":        {"報告書の形式が正しくありません。", "HTMLまたはPDFを選んでください。", "The format of the report is not valid.", "Choose HTML or PDF."},
	"report.unknown":       {"その報告書はありません。", "一覧に戻って選び直してください。", "There is no such report.", "Go back to the list and choose again."},
	"report.too_large":     {"報告書が大きすぎるため、作成できませんでした。", "期間を短くして、もう一度お試しください。", "The report would be too large.", "Choose a shorter period and try again."},
	"report.file_unknown":  {"報告書ではない、または壊れているファイルです。", "受け取ったファイルをそのまま指定してください。開いて保存し直したものや印刷したものは検証できません。", "This file is no report, or it is damaged.", "Give the file as you received it; one that was saved anew or printed cannot be verified."},
	"audit.file_changed":   {"ファイルの内容が、監査ログに記録された内容と違います。", "改ざんの疑いがあります。ファイルを保存し、情報セキュリティ責任者に連絡してください。", "The file is not the one that the audit log names.", "It may have been changed: keep it and tell the security officer."},
	"siem.unreachable":     {"SIEMに接続できません。", "受信側のアドレスとポート、ネットワークを確かめてください。接続できるようになると、続きから転送します。", "The SIEM cannot be reached.", "Check the receiver's address and port and the network. It goes on where it stopped."},
	"siem.certificate":     {"SIEMの証明書を信頼できないため、転送しません。", "受信側の証明書と、sekisho.tomlのsiem.caとsiem.nameを確かめてください。覚えのない証明書のときは、情報セキュリティ責任者に連絡してください。", "The SIEM's certificate is not trusted, so nothing is sent.", "Check the receiver's certificate and siem.ca and siem.name in sekisho.toml; tell the security officer if the certificate is not yours."},
	"siem.not_taken":       {"SIEMが記録を最後まで受け取りませんでした。", "受信側の動作と空き容量を確かめてください。受け取られていない記録から、もう一度転送します。", "The SIEM did not take the entries to their end.", "Check that the receiver runs and has room. What it did not take is sent again."},
	"siem.log_shorter":     {"監査ログが、すでに転送した分より短くなっています。", "情報セキュリティ責任者に連絡してください。名簿のルート鍵を持つ2名が新しい期（エポック）の宣言に署名すると再開します。", "The audit log is shorter than what was passed on already.", "Tell the security officer. It goes on once two holders of the roster's root keys have signed the statement of a new epoch."},
}
