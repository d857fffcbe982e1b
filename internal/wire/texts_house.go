package wire

// textsHouse are the messages of the wiring: the roster, connections that ended.
var textsHouse = map[string]Text{
	"roster.missing":               {"記録画像を開く責任者の名簿がまだありません。", "情報セキュリティ責任者2名以上の名簿を作り、サーバーで sekisho roster install を実行してください。", "There is no roster of officers yet.", "Have at least two officers make one and run sekisho roster install on the server."},
	"roster.invalid":               {"責任者の名簿が正しくないか、期限が切れています。", "署名した名簿を作り直して sekisho roster install を実行してください。", "The officers' roster is not valid or has expired.", "Sign a new roster and run sekisho roster install."},
	"roster.other_roots":           {"名簿を署名した鍵が、貸与済みPCの信頼する鍵と違います。", "これまでと同じ鍵で署名するか、PCを登録し直してください。", "The roster was signed by other roots than issued PCs trust.", "Sign it with the same roots as before, or enrol the PCs anew."},
	"connection.replaced":          {"同じPCから新しい接続が始まったため、前の接続を終了しました。", "新しい接続をお使いください。覚えがないときは管理者に連絡してください。", "A newer connection from the same PC replaced this one.", "Use the new one; tell your administrator if it was not you."},
	"connection.silent":            {"しばらく応答がなかったため、接続を終了しました。", "もう一度「接続」を押してください。", "The connection was silent for too long and was ended.", "Press Connect again."},
	"desktop.withdrawn":            {"接続先の許可が変わったため、接続を終了しました。", "もう一度「接続」を押してください。", "What you may reach has changed, so the session was ended.", "Press Connect again."},
	"session.closed_by_supervisor": {"SVが接続を終了しました。", "SVに確かめてから、もう一度「接続」を押してください。", "A supervisor ended the session.", "Ask your supervisor, then press Connect again."},
}
