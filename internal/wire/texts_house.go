package wire

// textsHouse are the messages of the wiring: the roster, connections that ended.
var textsHouse = map[string]Text{
	"roster.missing":      {"記録画像を開く責任者の名簿がまだありません。", "情報セキュリティ責任者2名以上の名簿を作り、サーバーで sekisho roster install を実行してください。", "There is no roster of officers yet.", "Have at least two officers make one and run sekisho roster install on the server."},
	"roster.invalid":      {"責任者の名簿が正しくないか、期限が切れています。", "署名した名簿を作り直して sekisho roster install を実行してください。", "The officers' roster is not valid or has expired.", "Sign a new roster and run sekisho roster install."},
	"roster.other_roots":  {"名簿を署名した鍵が、貸与済みPCの信頼する鍵と違います。", "これまでと同じ鍵で署名するか、PCを登録し直してください。", "The roster was signed by other roots than issued PCs trust.", "Sign it with the same roots as before, or enrol the PCs anew."},
	"connection.replaced": {"同じPCから新しい接続が始まったため、前の接続を終了しました。", "新しい接続をお使いください。覚えがないときは管理者に連絡してください。", "A newer connection from the same PC replaced this one.", "Use the new one; tell your administrator if it was not you."},
	"connection.silent":   {"しばらく応答がなかったため、接続を終了しました。", "もう一度「接続」を押してください。", "The connection was silent for too long and was ended.", "Press Connect again."},
	"desktop.withdrawn":   {"接続先の許可が変わったため、接続を終了しました。", "もう一度「接続」を押してください。", "What you may reach has changed, so the session was ended.", "Press Connect again."},
	"command.malformed":   {"コマンドの書き方が正しくありません。", "sekisho --help で使い方を確かめてください。", "This is not a command.", "See sekisho --help."},
	"command.file":        {"ファイルを開けませんでした。", "表示されたファイルの場所と、読み書きの権限を確かめてください。", "A file cannot be opened.", "Check where the file below is and who may read or write it."},
	"server.not_running":  {"このデータフォルダーのサーバーは動いていません。", "sekisho serve で起動してから、もう一度実行してください。", "No server is running on this data folder.", "Start it with sekisho serve and try again."},
	"server.running":      {"このデータフォルダーでは、すでにサーバーが動いています。", "動いているサーバーを使うか、止めてから、もう一度実行してください。", "Another server is running on this data folder.", "Use the one that runs, or stop it and try again."},
	"server.port_taken":   {"待ち受けるポートが、ほかのプログラムに使われています。", "そのプログラムを止めるか、sekisho.tomlのlistenを変えてください。", "Another program holds a port that the server needs.", "Stop it, or change listen in sekisho.toml."},
	"server.log_moved":    {"監査ログの先頭が、ほかのプログラムに動かされたため、サーバーを止めました。", "同じデータベースを使う別のサーバーがないか確かめてください。", "Something else moved the head of the audit log, so this server stopped.", "Look for another server that uses the same database."},
}
