package wire

// textsAtHome are the messages about the console outside the office.
var textsAtHome = map[string]Text{
	"office.outside":           {"社外からの管理画面は、貸与PCからだけ使えます。", "貸与PCで接続し、オペレーター画面の「管理画面を開く」から開いてください。社内にいるのに表示されるときは管理者に連絡してください。", "Outside the office the console is used from an issued PC alone.", "Connect at your issued PC and open it there with \"Open the console\". If you are in the office, tell your administrator."},
	"office.role":              {"この役割は選べません。", "一覧にある役割から選んでください。", "This role cannot be chosen here.", "Choose from those on the page."},
	"office.range":             {"社内のアドレスの範囲が正しくありません。", "192.0.2.0/24や2001:db8::/48の形で、1行に1つ入力してください。すべてのアドレスを表す/0は使えません。", "This is not a range of addresses.", "Enter one a line, as 192.0.2.0/24 or 2001:db8::/48; /0, which is every address, is not taken."},
	"office.too_many":          {"社内のアドレスの範囲が多すぎます。", "200個以内にまとめてください。", "There are too many ranges.", "Use at most 200."},
	"office.changed_meanwhile": {"社外からの利用の設定は、ほかの人がいま変更しました。", "読み直してから、もう一度変更してください。", "Somebody else has just changed this rule.", "Reload it and make your change again."},
	"office.locks_you_out":     {"この内容では、保存するあなた自身が管理画面を続けて使えなくなるため、保存しませんでした。", "今の接続元のアドレスを社内の範囲に加えるか、貸与PCから開いた管理画面で保存してください。", "With this you could not go on in the console yourself, so it was not saved.", "Add the address you are at now to the office, or save it in the console that you opened at an issued PC."},
	"home.other_person":        {"この貸与PCの利用者本人ではないため、使えません。", "この貸与PCで本人認証を済ませた本人のコードを使ってください。", "This belongs to somebody else than the person at this issued PC.", "Use a code of the person whose face was checked at this PC."},
	"home.not_here":            {"この操作は、貸与PCから開いた管理画面ではできません。", "社内で開いた管理画面で操作してください。", "This cannot be done in the console at an issued PC.", "Do it in the console in the office."},
	"home.only_here":           {"この操作は、貸与PCから開いた管理画面だけのものです。", "貸与PCで接続し、「管理画面を開く」から操作してください。", "This is for the console at an issued PC alone.", "Connect at your issued PC and open the console there."},
	"home.face_needed":         {"管理画面は、顔認証で接続しているときだけ開けます。", "顔認証で接続し直してください。", "The console opens only while you are connected by your face.", "Connect again with the face check."},
	"local.console_ticket":     {"管理画面の表示の期限が切れました。", "オペレーター画面に戻り、もう一度「管理画面を開く」を押してください。", "The console's page has ended.", "Go back to the desk and press \"Open the console\" again."},
}
